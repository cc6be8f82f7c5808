import PageAllocator

/// Free pages now and then, at even distances: each time that there are too many, every other goes.
struct HistorySamples {
    private(set) var samples: [HistorySample] = []
    /// Requests refused so far.
    var refused = 0
    private var distance = 1

    /// As many as a wide screen has points.
    private static let most = 4096

    mutating func take(_ number: Int, of machine: borrowing Machine) {
        guard number % distance == 0 else { return }
        samples.append(
            HistorySample(
                number: number,
                free: (0..<machine.zoneCount).map { machine.withZone($0) { $0.buddy.freePages } }, refused: refused))
        guard samples.count > Self.most else { return }
        distance *= 2
        samples.removeAll { $0.number % distance != 0 }
    }
}
