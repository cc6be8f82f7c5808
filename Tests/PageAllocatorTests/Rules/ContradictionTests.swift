import BuddyEngine
import GFP
import Testing
import Topology

@testable import PageAllocator

/// States that can be built, and that no allocator can have come to: `checkInvariants` tells each.
@Suite struct ContradictionTests {
    private func violation(
        _ kernel: KernelVersion = KernelVersion(6, 12), _ change: (inout Snapshot) -> Void
    ) throws -> String {
        var machine = try ZoneRuleTests.machine(kernel)
        for order in [0, 3, 4] as [Order] { _ = machine.allocate(AllocationRequest(.GFP_KERNEL, order: order)) }
        var snapshot = machine.snapshot()
        change(&snapshot)
        do {
            let restored = try Machine.restoring(snapshot)
            try restored.checkInvariants()
            return "sound"
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: ZoneRuleTests.kernels)
    func `counters that are not what the lists come to`(kernel: KernelVersion) throws {
        #expect(try violation(kernel) { _ in } == "sound")
        #expect(try violation(kernel) { $0.zones[0].exact?.freePagesCounter += 1 }.contains("the counter says"))
        #expect(try violation(kernel) { $0.zones[0].exact?.perCPU[0].diffFreePages += 1 }.contains("the counter says"))
        #expect(
            try violation(kernel) { $0.zones[0].exact?.freeCMACounter += 1 }
                .contains("the counter says 1 free pages of CMA, the lists have 0"))
        #expect(
            try violation(kernel) { $0.zones[0].reservedHighAtomic = 512 }
                .contains("512 pages are reserved for highatomic requests, in 0 pageblocks"))
        let highAtomic = try violation(kernel) { $0.zones[0].exact?.freeHighAtomic = 1 }
        if kernel == KernelVersion(6, 12) {
            #expect(highAtomic.contains("the counter says 1 free highatomic pages, the lists have 0"))
        } else {
            #expect(highAtomic == "sound")
        }
    }

    @Test func `free buddies that should have merged, and more free pages than are managed`() throws {
        let unmerged = try violation { snapshot in
            guard case .lists(var lists) = snapshot.zones[0].free else { return }
            let start = snapshot.zones[0].span.start
            lists.removeAll { $0.order == 10 }
            lists.append(FreeList(order: 5, type: .movable, frames: [start + 4096, start + 4096 + 32]))
            snapshot.zones[0].free = .lists(lists)
            snapshot.zones[0].exact?.freePagesCounter = 0
        }
        #expect(unmerged.contains("should have merged"))
        #expect(try violation { $0.zones[0].span.managed = 100 }.contains("are managed"))
        #expect(try violation { $0.zones[0].span.managed = 0 } != "sound")
    }
}
