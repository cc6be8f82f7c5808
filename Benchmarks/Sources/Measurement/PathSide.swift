import BuddyEngine
import GFP
import KernelShapedComparator
import PageAllocator
import Topology
import Workloads

/// The whole way of a request: mask, zonelist, watermarks, per-CPU lists, counters, and the free lists below.
///
/// One node, one CPU, one zone: Normal. Requests are movable user memory, as the comparator's blocks are.
struct PathSide: Side, ~Copyable {
    private var machine: Machine

    init(_ workload: Workload) {
        let first = PageFrame(rawValue: Workload.firstFrame)
        let node = Topology.Node(id: 0, cpus: [0], memory: [first..<first + workload.pages])
        // Low watermarks, so that a full memory is nearly full: what is refused costs more than what is served.
        let topology = Topology(nodes: [node], sysctls: Sysctls(minFreeKbytes: 128))
        do {
            machine = try Machine(topology)
            // The comparator does not check either.
            machine.checksFrees = false
        } catch {
            fatalError("a machine of one node must be possible: \(error)")
        }
    }

    @inline(__always)
    mutating func take(order: UInt8) -> UInt64 {
        machine.allocate(.GFP_HIGHUSER_MOVABLE, order: Order(rawValue: order))?.rawValue ?? comparator_refused
    }

    @inline(__always)
    mutating func free(_ frame: UInt64, order: UInt8) {
        machine.free(PageFrame(rawValue: frame), order: Order(rawValue: order))
    }
}
