import BuddyEngine
import PageAllocator

/// The order in which a recorded kernel reclaimed pages, that is the order of its LRU list, as far as the recording
/// shows it: what a requester freed was the oldest at that time, and what a request got had been reclaimed before.
struct ReclaimOrder {
    /// By page frame: the time at which it was first seen free, in events since the recording began.
    private var times: [UInt64: Int] = [:]

    /// The largest order of a freed block: no kernel has larger ones.
    private static let largestOrder = 16

    init(_ recording: Recording) {
        for operation in recording.operations where operation.action == .allocate {
            var position = operation.events.lowerBound
            while position < operation.events.upperBound,
                let kind = EventWords(rawValue: recording.eventWords[position])
            {
                if kind == .freed {
                    let order = Order(min(recording.eventWords[position + 2], UInt64(Self.largestOrder)))
                    see(recording.eventWords[position + 1], order: order)
                }
                position += 1 + kind.length
            }
            if let frame = operation.frame { see(frame.rawValue, order: operation.order) }
        }
    }

    private mutating func see(_ first: UInt64, order: Order) {
        let time = times.count
        for frame in first..<(first + UInt64(order.pages)) where times[frame] == nil { times[frame] = time }
    }

    /// The time at which the first of some pages was seen free, or the first of those next to them in their pageblock;
    /// `Int.max`: none was.
    ///
    /// Pages came onto the list block by block, so neighbours are close to each other on it.
    func time(of pages: Range<PageFrame>, pageblock: Order) -> Int {
        var first = Int.max
        for frame in pages.lowerBound.rawValue..<pages.upperBound.rawValue { first = min(first, times[frame] ?? .max) }
        guard first == .max else { return first }
        let start = pages.lowerBound.rawValue & ~UInt64(pageblock.pages - 1)
        for frame in (start..<pages.lowerBound.rawValue).reversed() {
            if let time = times[frame] { return time }
        }
        for frame in pages.upperBound.rawValue..<max(pages.upperBound.rawValue, start + UInt64(pageblock.pages)) {
            if let time = times[frame] { return time }
        }
        return .max
    }
}
