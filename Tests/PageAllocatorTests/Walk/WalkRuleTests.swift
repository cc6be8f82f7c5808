import BuddyEngine
import GFP
import Testing
import Topology

@testable import PageAllocator

/// What a walk may do and leaves behind (`get_page_from_freelist`, `rmqueue`, `__gfp_pfmemalloc_flags`).
@Suite struct WalkRuleTests {
    struct Listener: SilentObserver {
        var began: [AllocFlags] = []
        var restarts = 0
        var wakes = 0
        static var wantsLooks: Bool { false }
        mutating func beganWalk(_ flags: AllocFlags) { began.append(flags) }
        mutating func restartedWalk(_ flags: AllocFlags) { restarts += 1 }
        mutating func wokeKswapd(_ wake: KswapdWake) { wakes += 1 }
    }

    /// Node 0 has only movable blocks smaller than a pageblock free; node 1 is untouched.
    private func fragmented(_ kernel: KernelVersion) throws -> Machine {
        var machine = try Machine(WalkTests.topology(kernel))
        machine.checksFrees = false
        let own: GFPFlags = [.GFP_HIGHUSER_MOVABLE, .memAlloc, .thisNode]
        var blocks: [PageFrame] = []
        while let frame = machine.allocate(AllocationRequest(own, order: 9, cpu: 0)) { blocks.append(frame) }
        while machine.allocate(AllocationRequest(own, order: 4, cpu: 0)) != nil {}
        for frame in blocks { machine.free(frame, order: 8, cpu: 0) }
        return machine
    }

    @Test(arguments: ZoneRuleTests.kernels)
    func `rather than turn to another node, a walk gives up avoiding fragmentation`(kernel: KernelVersion) throws {
        var machine = try fragmented(kernel)
        var listener = Listener()
        let frame = machine.allocate(AllocationRequest(.GFP_KERNEL, order: 4, cpu: 0), observing: &listener)
        let zone = frame.flatMap { machine.zone(of: $0) }
        #expect(zone == ZoneReference(node: 0, kind: .normal))
        #expect(listener.began.count == 1 && listener.began.first?.contains(.noFragment) == true)
        #expect(listener.restarts == 1)
    }

    @Test(arguments: ZoneRuleTests.kernels)
    func `after a boost kswapd is woken by every request under 6_1, under 6_12 by those that wake it anyhow`(
        kernel: KernelVersion
    ) throws {
        var machine = try ZoneRuleTests.machine(kernel)
        let quiet: GFPFlags = [.io, .fs, .directReclaim]
        machine.zones[0].flags.insert(.boosted)
        var listener = Listener()
        #expect(machine.allocate(AllocationRequest(quiet, order: 4), observing: &listener) != nil)
        let wakes = kernel == KernelVersion(6, 1)
        #expect((listener.wakes > 0) == wakes)
        #expect(machine.zones[0].flags.contains(.boosted) != wakes)
        machine.zones[0].flags.insert(.boosted)
        #expect(machine.allocate(AllocationRequest(.GFP_KERNEL, order: 4), observing: &listener) != nil)
        #expect(!machine.zones[0].flags.contains(.boosted))
    }

    @Test func `who may go below every mark`() {
        func flags(_ gfp: GFPFlags, _ task: AllocationRequest.TaskState = []) -> AllocFlags {
            AllocationRequest(gfp, cpu: 0, task: task).emergencyFlags
        }
        #expect(flags(.GFP_KERNEL) == [] && flags([.GFP_KERNEL, .memAlloc]) == .noWatermarks)
        #expect(flags([.memAlloc, .noMemAlloc]) == [] && flags(.noMemAlloc, .memoryAllocator) == [])
        #expect(flags(.GFP_KERNEL, .memoryAllocator) == .noWatermarks && flags(.GFP_KERNEL, .oomVictim) == .oom)
        #expect(flags(.GFP_KERNEL, [.memoryAllocator, .interrupt]) == [])
    }

    @Test(arguments: ZoneRuleTests.kernels)
    func `a page on a CPU's list goes back as the type it came with under 6_1, as its pageblock's under 6_12`(
        kernel: KernelVersion
    ) throws {
        var machine = try ZoneRuleTests.machine(kernel)
        let frame = machine.allocate(AllocationRequest(.GFP_KERNEL))
        let page = try #require(frame)
        machine.free(page, order: 0)
        let before = machine.zones[0].buddy.freePages(type: .reclaimable)
        machine.zones[0].buddy.setPageblockType(of: page, to: .reclaimable)
        machine.drainAll()
        let after = machine.zones[0].buddy.freePages(type: .reclaimable)
        #expect(before == 0 && (after > 0) == (kernel == KernelVersion(6, 12)))
    }

    @Test(arguments: ZoneRuleTests.kernels)
    func `a page of an isolated pageblock goes to no CPU's list`(kernel: KernelVersion) throws {
        var machine = try ZoneRuleTests.machine(kernel)
        let frame = machine.allocate(AllocationRequest(.GFP_KERNEL))
        let page = try #require(frame)
        let listed = machine.perCPUPages
        machine.zones[0].buddy.setPageblockType(of: page, to: .isolate)
        machine.free(page, order: 0)
        #expect(machine.perCPUPages == listed && machine.zones[0].buddy.freePages(type: .isolate) == 1)
    }
}
