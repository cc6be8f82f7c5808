import BuddyEngine
import History
import PageAllocator
import Topology

/// A history as curves over its events: the free memory and marks of each zone, the periods in which its kswapd was
/// awake, and remarkable events.
struct HistoryCurves {
    struct Curve {
        var zone: ZoneSnapshot
        /// The index of the zone's node in the machine.
        var node: Int
        /// In order of time: the number of an event, and the smallest and largest number of free pages in it.
        var points: [Point]
        /// The marks, with the number of the event from which on they applied.
        var marks: [(number: Int, marks: ZoneMarks)]

        var name: String { "node \(zone.span.node.rawValue) \(zone.span.kind.kernelName)" }
        var least: Int { points.map(\.least).min() ?? 0 }
        var most: Int { points.map(\.most).max() ?? 0 }
    }

    struct Point {
        var number: Int
        var least: Int
        var most: Int
    }

    /// A remarkable event; it concerns all zones if no zone is named.
    struct Sign {
        var number: Int
        var zones: [Int]
        var notice: HistoryTally.Notice
    }

    private(set) var curves: [Curve] = []
    /// By the node's index: the ranges of events in which kswapd was awake.
    private(set) var awake: [[ClosedRange<Int>]] = []
    /// By the node's index: the ranges of events in which kcompactd woke.
    private(set) var compacting: [[ClosedRange<Int>]] = []
    private(set) var signs: [Sign] = []
    /// The number of the last event.
    let last: Int
    let pageSize: Int

    init(_ history: MachineHistory) {
        let topology = history.start.topology
        pageSize = topology.pageSize
        last = history.leftOut + history.events.count
        awake = topology.nodes.map { _ in [] }
        compacting = awake
        curves = history.start.zones.map { zone in
            Curve(
                zone: zone, node: topology.nodes.firstIndex { $0.id == zone.span.node } ?? 0, points: [], marks: [])
        }
        for stretch in history.stretches { add(stretch) }
        begin(history)
        var isAwake = topology.nodes.map { !(history.start.kswapd[$0.id]?.isAsleep ?? true) }
        for (index, event) in history.events.enumerated() {
            add(event, history.firstNumber + index, &isAwake)
        }
    }

    private mutating func add(_ stretch: HistoryStretch) {
        for zone in curves.indices {
            curves[zone].points.append(
                Point(number: stretch.numbers.upperBound, least: stretch.least[zone], most: stretch.most[zone]))
            note(stretch.marks[zone], of: zone, at: stretch.numbers.upperBound)
        }
        for node in awake.indices where node < stretch.awake.count && stretch.awake[node] {
            Self.wake(&awake[node], stretch.numbers)
        }
        for node in compacting.indices where node < stretch.compacting.count && stretch.compacting[node] {
            Self.wake(&compacting[node], stretch.numbers)
        }
        if let notice = stretch.tally.gravest {
            signs.append(Sign(number: stretch.numbers.upperBound, zones: [], notice: notice))
        }
    }

    /// Records the state before the first event that is kept.
    private mutating func begin(_ history: MachineHistory) {
        for zone in curves.indices {
            let free = curves[zone].zone.pagesOnLists
            curves[zone].points.append(Point(number: history.leftOut, least: free, most: free))
            guard let marks = curves[zone].zone.watermarks else { continue }
            note(ZoneMarks(marks), of: zone, at: history.leftOut)
        }
    }

    private mutating func add(_ event: HistoryEvent, _ number: Int, _ isAwake: inout [Bool]) {
        var free = curves.map { $0.points.last?.least ?? 0 }
        for part in event.parts {
            switch part {
            case .event(.lists(let change)):
                guard let (frame, pages) = change.pagesFreed, let zone = zone(of: frame) else { continue }
                free[zone] += pages
            case .event(.kswapd(let wake)) where wake.awakened:
                if let node = self.node(wake.node) { Self.wake(&awake[node], number...number) }
            case .event(.kcompactd(let wake)):
                if let node = self.node(wake.node) { Self.wake(&compacting[node], number...number) }
            case .marks(let zone, let marks): note(marks, of: zone, at: number)
            case .kswapd(let node, let now): isAwake[node] = now
            case .event, .nested: continue
            }
        }
        for zone in curves.indices {
            curves[zone].points.append(Point(number: number, least: free[zone], most: free[zone]))
        }
        for node in isAwake.indices where isAwake[node] { Self.wake(&awake[node], number...number) }
        if let notice = HistoryTally(event).gravest {
            let zones = event.frame.flatMap { zone(of: $0) }.map { [$0] } ?? zonesLookedAt(by: event)
            signs.append(Sign(number: number, zones: zones, notice: notice))
        }
    }

    /// The zones that a refused request's walks examined.
    private func zonesLookedAt(by event: HistoryEvent) -> [Int] {
        let looked = event.parts.compactMap { part -> ZoneReference? in
            guard case .event(.judged(let look)) = part else { return nil }
            return look.zone
        }
        return curves.indices.filter { looked.contains(curves[$0].zone.span.reference) }
    }

    func signs(in zone: Int) -> [Sign] { signs.filter { $0.zones.isEmpty || $0.zones.contains(zone) } }

    private func zone(of frame: PageFrame) -> Int? { curves.firstIndex { $0.zone.span.contains(frame) } }

    private mutating func note(_ marks: ZoneMarks, of zone: Int, at number: Int) {
        guard curves[zone].marks.last?.marks != marks else { return }
        curves[zone].marks.append((number, marks))
    }

    private func node(_ id: NodeID) -> Int? { curves.first { $0.zone.span.node == id }?.node }

    private static func wake(_ spans: inout [ClosedRange<Int>], _ numbers: ClosedRange<Int>) {
        if let before = spans.last, before.upperBound + 1 >= numbers.lowerBound {
            spans[spans.count - 1] = before.lowerBound...max(before.upperBound, numbers.upperBound)
        } else {
            spans.append(numbers)
        }
    }

    /// The curves that change, or all of them if none does.
    var moving: [Curve] {
        let moving = curves.filter { $0.least != $0.most }
        return moving.isEmpty ? curves : moving
    }
}

extension HistoryTally.Notice {
    /// The letter of the event in pictures, the same as on the page.
    var sign: String {
        switch self {
        case .fallback: "F"
        case .steal: "S"
        case .stall: "R"
        case .compaction: "C"
        case .refusal: "×"
        case .kill: "K"
        }
    }

    var words: String {
        switch self {
        case .fallback: "a block of another type was used"
        case .steal: "a pageblock changed its type"
        case .stall: "a request reclaimed directly"
        case .compaction: "a zone was compacted"
        case .refusal: "a request was refused"
        case .kill: "killing was considered"
        }
    }
}

extension FreeListChange {
    /// The pages by which the free lists grew, and one of the zone's page frames; nil: the number did not change.
    fileprivate var pagesFreed: (PageFrame, pages: Int)? {
        switch self {
        case .taken(_, _, let kept, let order, _): (kept, -order.pages)
        case .merged(let frame, let order, _, _, _, _): (frame, order.pages)
        case .moved, .retyped: nil
        }
    }
}

extension ZoneSnapshot {
    fileprivate var pagesOnLists: Int {
        guard case .lists(let lists) = free else { return freePages ?? 0 }
        return lists.reduce(0) { sum, list in sum + list.runs.reduce(0) { $0 + $1.count * list.order.pages } }
    }
}

extension ZoneSpan {
    fileprivate func contains(_ frame: PageFrame) -> Bool {
        managedRanges.isEmpty ? start <= frame && frame < end : managedRanges.contains { $0.contains(frame) }
    }
}
