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

    static let user = AllocationRequest(.GFP_HIGHUSER_MOVABLE)
}
