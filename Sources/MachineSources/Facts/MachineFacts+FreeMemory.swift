import BuddyEngine
import GFP
import KernelText
import Topology

extension MachineFacts {
    /// Adds what is free to a machine whose zones follow from its memory: block by block if there is a buddyinfo, else
    /// by the number of free bytes of each node.
    mutating func withFreeMemory(_ snapshot: Snapshot) -> Snapshot {
        var snapshot = snapshot
        let spans = snapshot.topology.zoneSpans().filter { $0.present > 0 }
        for row in buddyInfo?.rows ?? [] where row.pages > 0 && !spans.contains(where: { $0.isOf(row) }) {
            note(
                "buddyinfo has \(row.pages) free pages in zone \(row.zone) of node \(row.node), which is not there where memory is "
                    + "laid out here: they are left out. /proc/zoneinfo would say where zones lie.", .notUnderstood)
        }
        if let buddyInfo, buddyInfo.rows.contains(where: { row in spans.contains { $0.isOf(row) } }) {
            snapshot.zones = spans.map { span in
                var zone = ZoneSnapshot(span: span)
                let row = buddyInfo.rows.first { span.isOf($0) }
                if let row, row.pages <= span.managed {
                    zone.free = .counts(row.counts.map { FreeCount(total: $0) })
                    zone.freePages = row.pages
                } else if let row {
                    note(
                        "buddyinfo has \(row.pages) free pages in zone \(row.zone) of node \(row.node), which manages "
                            + "\(span.managed): its free blocks are ignored.", .contradiction)
                } else {
                    note("buddyinfo has no line for zone \(span.kind) of node \(span.node); nothing is free there.")
                }
                return zone
            }
            if let order = buddyInfo.maximumOrder { snapshot.topology.maximumOrder = order }
            noteOtherFree(snapshot)
            return snapshot
        }
        shareOutFree()
        let page = snapshot.topology.pageSize
        let known = Dictionary(
            nodes.compactMap { node in node.free.map { (node.id, $0 / page) } }, uniquingKeysWith: { own, _ in own })
        guard !known.isEmpty else { return snapshot }
        snapshot.zones = spans.map { span in
            var zone = ZoneSnapshot(span: span)
            let managed = spans.filter { $0.node == span.node }.reduce(0) { $0 + $1.managed }
            let free = known[span.node].map { min($0, managed) }
            let pages = free.map { span.share(of: $0, among: spans.filter { $0.node == span.node }) } ?? span.managed
            zone.freePages = pages
            zone.free = .counts(
                FreeSpread(span.managedRanges, topology: snapshot.topology).counts(pages: pages))
            return zone
        }
        for node in snapshot.topology.nodes where known[node.id] == nil && !node.memory.isEmpty {
            note("how much of node \(node.id) is free is not stated; all of it is assumed to be.")
        }
        note("which zones the free memory of a node is in is not stated: each has its share by size. " + Self.blockNote)
        return snapshot
    }

    /// Notes where buddyinfo and another source's figure of free memory may not be of the same moment.
    private mutating func noteOtherFree(_ snapshot: Snapshot) {
        for node in nodes {
            guard let free = node.free.map({ $0 / snapshot.topology.pageSize }) else { continue }
            let listed = snapshot.zones.filter { $0.span.node == node.id }.reduce(0) { $0 + ($1.freePages ?? 0) }
            if abs(listed - free) > max(max(listed, free) / 4, 4096) {
                note(
                    "buddyinfo has \(listed) free pages on node \(node.id), another source \(free): they may be of different "
                        + "moments; the free blocks are those of buddyinfo.", .contradiction)
            }
        }
    }

    /// Divides meminfo's figure for the whole machine among the nodes by size, if no node has a figure of its own.
    private mutating func shareOutFree() {
        // Bounded so that no sum overflows, even with the most nodes.
        let sizes = nodes.map { min(max(0, $0.size ?? 0), 1 << 50) }
        let total = sizes.reduce(0, +)
        guard nodes.allSatisfy({ $0.free == nil }), total > 0,
            let free = memInfo?["MemFree"].flatMap({ Int(exactly: $0) }), free < 1 << 50
        else { return }
        for index in nodes.indices {
            nodes[index].free = Self.share(min(free * 1024, total), sizes[index], total)
        }
        note("how much of each node is free is not stated; MemFree is shared out by their sizes.")
    }

    /// Free blocks of a zone of which only the number of free pages is known.
    mutating func spread(_ zone: ZoneInfoText.Zone) -> [FreeCount] {
        guard zone.free > 0 else { return [] }
        let start = zone.startPageFrame ?? 0
        let managed = managedPages(of: zone)
        note(
            "how many blocks of each order are free is not known. " + Self.blockNote)
        let range = PageFrame(start)..<PageFrame(start) + zone.spanned
        let order = buddyInfo?.maximumOrder ?? 10
        return FreeSpread([range], maximumOrder: order).counts(pages: min(zone.free, managed))
    }

    private static let blockNote =
        "Free pages are taken to lie in blocks as large as can be, so that requests of high orders fare better here "
        + "than they may on the machine."

    static func share(_ pages: Int, _ size: Int, _ total: Int) -> Int {
        max(total, 1).dividingFullWidth(pages.multipliedFullWidth(by: size)).quotient
    }
}

extension ZoneSpan {
    /// The zone's share of a node's free pages, by size. The remainder of rounding goes to the largest zone.
    fileprivate func share(of pages: Int, among spans: [ZoneSpan]) -> Int {
        let total = spans.reduce(0) { $0 + $1.managed }
        guard self == spans.max(by: { $0.managed < $1.managed }) else {
            return MachineFacts.share(pages, managed, total)
        }
        let others = spans.reduce(0) { $1 == self ? $0 : $0 + MachineFacts.share(pages, $1.managed, total) }
        return min(pages - others, managed)
    }

    fileprivate func isOf(_ row: BuddyInfoText.Row) -> Bool { row.node == node && row.kind == kind }
}

/// Free blocks for a number of free pages: as large as the zone's memory allows.
struct FreeSpread {
    private let top: Int
    /// By order: the blocks that the zone's memory would form if all of it were free.
    private var whole: [Int]

    init(_ ranges: [Range<PageFrame>], topology: Topology) {
        self.init(ranges, maximumOrder: topology.maximumOrder)
    }

    init(_ ranges: [Range<PageFrame>], maximumOrder: Order) {
        top = Int(maximumOrder.rawValue)
        whole = [Int](repeating: 0, count: top + 1)
        for range in ranges {
            var frame = range.lowerBound
            while frame < range.upperBound {
                let left = range.upperBound - frame
                let alignment = frame.rawValue == 0 ? top : min(top, frame.rawValue.trailingZeroBitCount)
                if alignment == top, left >= 1 << top {
                    whole[top] += left >> top
                    frame = frame + (left >> top) << top
                } else {
                    let order = min(alignment, Int.bitWidth - 1 - left.leadingZeroBitCount)
                    whole[order] += 1
                    frame = frame + 1 << order
                }
            }
        }
    }

    /// Blocks by order that have `pages` pages in all.
    func counts(pages: Int) -> [FreeCount] {
        var left = pages
        var counts = [Int](repeating: 0, count: top + 1)
        for order in stride(from: top, through: 0, by: -1) {
            counts[order] = min(whole[order], left >> order)
            left -= counts[order] << order
        }
        // What does not fill a whole piece is part of a larger one.
        for order in stride(from: top, through: 0, by: -1) where left >> order > 0 {
            counts[order] += left >> order
            left -= (left >> order) << order
        }
        return counts.map { FreeCount(total: $0) }
    }
}
