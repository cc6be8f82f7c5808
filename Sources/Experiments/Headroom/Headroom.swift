import BuddyEngine
import GFP
import PageAllocator
import Topology

/// How many more requests of each kind a machine would serve from each node alone, and what stops it then.
///
/// The requests are actually made, on copies of the machine that begin in the same state each time; the original is not
/// changed.
public struct Headroom: Sendable {
    /// One row for each node, kind of request and condition.
    public private(set) var rows: [Row] = []
    /// Whether all rows were determined; false if the caller stopped it.
    public private(set) var isComplete = true
    /// Free pages of each zone at the beginning, including those on per-CPU lists.
    public private(set) var free: [(zone: ZoneReference, pages: Int)] = []

    /// What is done to the machine before.
    public enum Condition: String, CaseIterable, Hashable, Sendable {
        /// Nothing.
        case now
        /// Requests that may sleep may compact: every movable page is assumed to be one that can be moved.
        case compacting
        /// A share of the movable pages in use, assumed to be clean page cache, is freed.
        case cacheDropped
    }

    /// The result for one node, kind of request and condition.
    public struct Row: Hashable, Sendable {
        /// The node from which the requests are made.
        public var node: NodeID
        /// The kind of request.
        public var kind: RequestKind
        /// What was done to the machine before.
        public var condition: Condition
        /// How many requests were served.
        public var served: Int
        /// What stopped the next request.
        public var stop: Stop
    }

    /// What stopped the first request that was refused.
    public enum Stop: Hashable, Sendable {
        /// Each zone that was examined.
        case zones([ZoneLook])
        /// The ranges of each zone that were rejected, by reason.
        case ranges([RangeSearch.Refusals])
        /// The node has no contiguous memory area.
        case noArea
    }

    /// Determines the headroom.
    ///
    /// - Parameters:
    ///   - snapshot: The machine.
    ///   - kinds: The kinds of requests; nil: ``RequestKind/all(on:buffer:)``.
    ///   - conditions: The conditions under which to determine it.
    ///   - cacheShare: The share of the movable pages in use that is clean page cache, 0 to 1.
    ///   - bufferSize: The size of the buffer in a contiguous memory area, in bytes; rounded up to pages.
    ///   - shouldContinue: Called regularly with the number of finished rows; if it returns false, no further rows are
    ///     determined.
    /// - Throws: `MachineError` if the snapshot makes no machine.
    public init(
        of snapshot: Snapshot, kinds: [RequestKind]? = nil, conditions: [Condition] = Condition.allCases,
        cacheShare: Double = 0.5, bufferSize: UInt64 = Self.usualBuffer, shouldContinue: (Int) -> Bool = { _ in true }
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
                    guard shouldContinue(known),
                        let row = try Self.row(of: state, node, kind, condition, { shouldContinue(known) })
                    else {
                        isComplete = false
                        return
                    }
                    rows.append(row)
                }
            }
        }
    }

    /// The default of `bufferSize`, in bytes: a buffer for a video frame of a few megapixels.
    public static let usualBuffer: UInt64 = 16 << 20

    /// The row of one node, kind and condition; nil if the caller stopped it.
    private static func row(
        of snapshot: Snapshot, _ node: NodeID, _ kind: RequestKind, _ condition: Condition, _ shouldContinue: () -> Bool
    ) throws -> Row? {
        var machine = try Machine(from: snapshot)
        if condition == .compacting { machine.reclaimHook = MovablePages(of: &machine).hook }
        let count =
            switch kind.what {
            case .block(let order): blocks(order, kind.gfp, node, &machine, shouldContinue)
            case .range(let pages): ranges(pages, kind.gfp, node, &machine, shouldContinue)
            case .buffer(let pages): buffers(pages, node, &machine, shouldContinue)
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
