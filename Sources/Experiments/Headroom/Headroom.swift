import BuddyEngine
import GFP
import PageAllocator
import Topology

/// How many more requests of each kind a machine would serve, from each node alone, and what then stops it.
///
/// It is found out by making them, on a machine of the same state each time; the one asked about is left alone.
public struct Headroom: Sendable {
    public private(set) var rows: [Row] = []
    /// Free pages of each zone at the beginning, those on per-CPU lists among them.
    public private(set) var free: [(zone: ZoneReference, pages: Int)] = []

    /// What has been done to the machine before.
    public enum Condition: String, CaseIterable, Hashable, Sendable {
        case now
        /// Requests that may sleep may compact: every movable page is taken to be one that can be moved.
        case compacting
        /// A share of the movable pages in use, taken to be clean page cache, was given back.
        case cacheDropped
    }

    public struct Row: Hashable, Sendable {
        public var node: NodeID
        public var kind: RequestKind
        public var condition: Condition
        public var served: Int
        /// Each zone that was looked at for the first request that was refused.
        public var stops: [ZoneLook]
    }

    /// - Parameters:
    ///   - snapshot: The machine.
    ///   - conditions: For which of them it is to be found out.
    ///   - cacheShare: How much of the movable pages in use is clean cache, 0 to 1.
    ///   - goesOn: Asked before each row; false ends with ``RunInterrupted``.
    public init(
        of snapshot: Snapshot, conditions: [Condition] = Condition.allCases, cacheShare: Double = 0.5,
        goesOn: () -> Bool = { true }
    ) throws {
        let machine = try Machine(from: snapshot)
        for zone in 0..<machine.zoneCount {
            free.append(machine.withZone(zone) { ($0.reference, $0.buddy.freePages + $0.perCPUPages) })
        }
        let nodes = machine.nodeIDs
        for condition in conditions {
            let state = condition == .cacheDropped ? try Self.dropped(snapshot, cacheShare) : snapshot
            for node in nodes where machine.managedPages(of: node) > 0 {
                for kind in RequestKind.all(on: machine) {
                    if condition == .compacting, !kind.gfp.contains([.io, .directReclaim]) || kind.order == 0 {
                        continue
                    }
                    guard goesOn() else { throw RunInterrupted() }
                    rows.append(try Self.row(of: state, node, kind, condition))
                }
            }
        }
    }

    private static func row(
        of snapshot: Snapshot, _ node: NodeID, _ kind: RequestKind, _ condition: Condition
    ) throws -> Row {
        var machine = try Machine(from: snapshot)
        if condition == .compacting { machine.reclaimHook = MovablePages(of: &machine).hook }
        let series = machine.make(request(kind, node, on: machine), count: nil, explains: true)
        let visits = series.explanation?.walks.last?.visits ?? []
        let stops = visits.compactMap { visit -> ZoneLook? in
            switch visit {
            case .look(let look): look.judgement
            case .passedOver: nil
            }
        }
        return Row(node: node, kind: kind, condition: condition, served: series.tally.served, stops: stops)
    }

    /// The request of a kind, from one node alone, by one of its CPUs if it has any.
    package static func request(_ kind: RequestKind, _ node: NodeID, on machine: borrowing Machine) -> AllocationRequest
    {
        let own = machine.topology.nodes.first { $0.id == node }?.cpus.first
        return AllocationRequest(
            kind.gfp.union(.thisNode), order: kind.order, cpu: own ?? machine.cpuIDs[0], node: node)
    }

    /// The machine after `echo 1 > /proc/sys/vm/drop_caches`.
    private static func dropped(_ snapshot: Snapshot, _ share: Double) throws -> Snapshot {
        var machine = try Machine(from: snapshot)
        let pages = MovablePages(of: &machine)
        var debt = 0.0
        for frame in pages.frames {
            debt += share
            guard debt >= 1 else { continue }
            debt -= 1
            machine.setMovable(false, frame..<(frame + 1))
            machine.free(frame, order: 0)
        }
        machine.drainAll()
        return machine.snapshot()
    }
}
