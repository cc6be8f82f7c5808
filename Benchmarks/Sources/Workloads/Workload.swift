/// Operations drawn beforehand, so that all sides do the same and drawing costs none of them time.
public struct Workload: Sendable {
    /// "W1", as the table prints it.
    public let name: String
    public let about: String
    /// The number of pages, from ``firstFrame`` on.
    public let pages: Int
    /// Brings the memory to where the measurement starts; not timed.
    public let preparation: [Operation]
    /// What is timed.
    public let measured: [Operation]
    /// The number of slots that the operations name.
    public let slots: Int

    /// Memory starts at 4 GiB, so that a machine made of it has a Normal zone only.
    public static let firstFrame: UInt64 = 1 << 20

    public static let pagesPerGiB = 1 << 18
}

extension Workload {
    /// Every page of the memory taken at order 0, then all of them given back in the order they came.
    ///
    /// Done once beforehand: the comparator's records are in memory from the start, so the first touch of the other
    /// side's tables would be compared with nothing.
    public static func fillAndFree(name: String = "W1", pages: Int = pagesPerGiB) -> Workload {
        let operations: [Operation] =
            (0..<pages).map { .take(order: 0, slot: $0) } + (0..<pages).map { .free(order: 0, slot: $0) }
        return Workload(
            name: name, about: "fill and free \(describe(pages)) at order 0", pages: pages, preparation: operations,
            measured: operations, slots: pages)
    }

    static func describe(_ pages: Int) -> String {
        pages % pagesPerGiB == 0 ? "\(pages / pagesPerGiB) GiB" : "\(pages / 256) MiB"
    }
}
