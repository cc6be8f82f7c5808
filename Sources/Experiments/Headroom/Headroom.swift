import BuddyEngine
import GFP
import PageAllocator
import Topology

/// How many more requests of each kind a machine would serve, from each node alone, and what then stops it.
///
/// It is determined by making them, on a machine of the same state each time; the one asked about is left alone.
public struct Headroom: Sendable {
    public private(set) var rows: [Row] = []
    /// False if whoever asked stopped it before all rows were there.
    public private(set) var isComplete = true
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
        public var stop: Stop
    }

    /// What was in the way of the first request that was refused.
    public enum Stop: Hashable, Sendable {
        /// Each zone that was looked at.
        case zones([ZoneLook])
        /// The ranges of each zone, by reason.
        case ranges([RangeSearch.Refusals])
        /// The node has no contiguous memory area.
        case noArea
    }

    /// - Parameters:
    ///   - snapshot: The machine.
    ///   - kinds: Of which requests; nil: ``RequestKind/all(on:buffer:)``.
    ///   - conditions: For which of them it is to be determined.
    ///   - cacheShare: How much of the movable pages in use is clean cache, 0 to 1.
    ///   - bufferSize: Of the buffer in a contiguous memory area, in bytes; rounded up to pages.
    ///   - goesOn: Called now and then with how many rows there are; false leaves it at those.
    public init(
        of snapshot: Snapshot, kinds: [RequestKind]? = nil, conditions: [Condition] = Condition.allCases,
        cacheShare: Double = 0.5, bufferSize: UInt64 = Self.usualBuffer, goesOn: (Int) -> Bool = { _ in true }
    ) throws {
        let machine = try Machine(from: snapshot)
        for zone in 0..<machine.zoneCount {
            free.append(machine.withZone(zone) { ($0.reference, $0.buddy.freePages + $0.perCPUPages) })
        }
        let pageSize = UInt64(machine.topology.pageSize)
        let buffer = Int(bufferSize / pageSize) + (bufferSize % pageSize == 0 ? 0 : 1)
        let kinds = kinds ?? RequestKind.all(on: machine, buffer: max(buffer, 1))
        for condition in conditions {
            let state = condition == .cacheDropped ? try Self.dropped(snapshot, cacheShare) : snapshot
            for node in machine.nodeIDs where machine.managedPages(of: node) > 0 {
                for kind in kinds where condition != .compacting || kind.isHelpedByMoving {
                    let known = rows.count
                    guard goesOn(known), let row = try Self.row(of: state, node, kind, condition, { goesOn(known) })
                    else {
                        isComplete = false
                        return
                    }
                    rows.append(row)
                }
            }
        }
    }

    /// A buffer for a frame of video in a few megapixels.
    public static let usualBuffer: UInt64 = 16 << 20

    /// Nil if it was stopped.
    private static func row(
        of snapshot: Snapshot, _ node: NodeID, _ kind: RequestKind, _ condition: Condition, _ goesOn: () -> Bool
    ) throws -> Row? {
        var machine = try Machine(from: snapshot)
        if condition == .compacting { machine.reclaimHook = MovablePages(of: &machine).hook }
        let count =
            switch kind.what {
            case .block(let order): blocks(order, kind.gfp, node, &machine, goesOn)
            case .range(let pages): ranges(pages, kind.gfp, node, &machine, goesOn)
            case .buffer(let pages): buffers(pages, node, &machine, goesOn)
            }
        return count.map { Row(node: node, kind: kind, condition: condition, served: $0.served, stop: $0.stop) }
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
