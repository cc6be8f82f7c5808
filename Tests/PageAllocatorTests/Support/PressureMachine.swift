import BuddyEngine
import GFP
import Topology

@testable import PageAllocator

/// A machine of two nodes of 64 MiB, one zone each.
enum PressureMachine {
    static func topology(
        _ kernel: KernelVersion = KernelVersion(6, 12), nodes: Int = 1,
        sysctls: Sysctls = Sysctls(watermarkBoostFactor: 0)
    ) -> Topology {
        let size = 1 << 14
        return Topology(
            kernel: kernel,
            nodes: (0..<nodes).map {
                .init(
                    id: NodeID($0), cpus: [CPUID($0)],
                    memory: [PageFrame(1 << 20 + $0 * size)..<PageFrame(1 << 20 + ($0 + 1) * size)])
            }, sysctls: sysctls)
    }

    /// Takes single pages until one is refused.
    static func fill(_ machine: inout Machine, _ request: AllocationRequest) -> [PageFrame] {
        var frames: [PageFrame] = []
        while let frame = machine.allocate(request) { frames.append(frame) }
        return frames
    }

    /// Fills a machine with pages of a kind, under the care of LRU lists that from then on are its hook.
    static func fill(
        _ machine: inout Machine, with kind: LRUReclaim.PageKind, swapPages: Int = 0, owner name: String? = nil,
        request: AllocationRequest = user
    ) -> LRUReclaim {
        let lru = LRUReclaim(swapPages: swapPages)
        let owner = name.map { lru.addProcess($0) }
        for frame in fill(&machine, request) { lru.add(frame..<(frame + 1), kind, owner: owner, in: &machine) }
        machine.reclaimHook = lru
        return lru
    }

    static let user = AllocationRequest(.GFP_HIGHUSER_MOVABLE)
}
