import BuddyEngine
import PageAllocator
import Topology

/// The order in which a recorded kernel reclaimed pages, that is the order of its LRU list, as far as the recording
/// shows it: what a requester freed was the oldest at that time, and what a request got had been reclaimed before it. What
/// is free in the end was reclaimed too, but not when.
struct ReclaimOrder {
    /// By page frame: the time at which it was first seen free, in events since the recording began.
    private var times: [UInt64: Int] = [:]
    /// Pages that are free in the end, and may have been for long: too few together for a request.
    private var leftOver: [Range<UInt64>] = []

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
        let hugePageOrder = recording.after.topology.hugePageOrder ?? 0
        for zone in recording.after.zones { addFree(in: zone, hugePageOrder: hugePageOrder) }
        leftOver.sort { $0.lowerBound < $1.lowerBound }
    }

    private mutating func addFree(in zone: ZoneSnapshot, hugePageOrder: Order) {
        if case .lists(let lists) = zone.free {
            for list in lists {
                for run in list.runs { leave(run.first, run.count, order: list.order) }
            }
        }
        for cpu in zone.exact?.perCPU ?? [] {
            for list in cpu.lists {
                let order = PerCPUListIndex.order(ofList: list.index, hugePageOrder: hugePageOrder)
                for frame in list.frames { leave(frame, 1, order: order) }
            }
        }
    }

    /// Adds free blocks, one after the other.
    private mutating func leave(_ first: PageFrame, _ blocks: Int, order: Order) {
        let pages = blocks << Int(min(order.rawValue, Order(Self.largestOrder).rawValue))
        let (end, isOver) = first.rawValue.addingReportingOverflow(UInt64(pages))
        if !isOver { leftOver.append(first.rawValue..<end) }
    }

    /// Whether a page was seen free. Logarithmic in the number of blocks that are free in the end.
    func hasSeen(_ frame: PageFrame) -> Bool {
        if times[frame.rawValue] != nil { return true }
        var (low, high) = (0, leftOver.count)
        while low < high {
            let middle = (low + high) / 2
            if leftOver[middle].lowerBound <= frame.rawValue { low = middle + 1 } else { high = middle }
        }
        return low > 0 && leftOver[low - 1].contains(frame.rawValue)
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
