import BuddyEngine
import GFP
import Testing
import Topology

@testable import PageAllocator

/// What a CPU's worker does every second (`refresh_cpu_vm_stats`, mm/vmstat.c).
@Suite struct EverySecondTests {
    private func machine(_ kernel: KernelVersion, nodes: Int = 1) throws -> Machine {
        var machine = try Machine(PressureMachine.topology(kernel, nodes: nodes))
        machine.reclaimTiming = .sharedCPU(CPUCosts(request: 1))
        machine.letTimePass(1)
        return machine
    }

    private func lists(_ machine: borrowing Machine, zone: Int = 0) -> PerCPUPages {
        machine.withZone(zone) { $0.perCPU.base[0] }
    }

    private func freeMany(_ machine: inout Machine, _ request: AllocationRequest, pages: Int) {
        let frames = (0..<pages).compactMap { _ in machine.allocate(request) }
        for frame in frames { machine.free(frame, order: 0, cpu: 0) }
    }

    @Test func `lists that have grown hold an eighth less each second, from 6.7 on`() throws {
        var machine = try machine(KernelVersion(6, 12))
        freeMany(&machine, PressureMachine.user, pages: 6000)
        let before = lists(machine)
        #expect(before.high > before.highMin && before.count > before.highMin)
        machine.letTimePass(999_000)
        #expect(lists(machine).high == before.high, "not yet")
        machine.letTimePass(1_000)
        let after = lists(machine)
        #expect(after.high == max(before.count - before.batch << 5, before.high - before.high / 8, before.highMin))
        #expect(after.count == min(before.count, after.high))
    }

    @Test func `lists of a size that does not move stay as they are`() throws {
        var machine = try machine(KernelVersion(6, 1))
        freeMany(&machine, PressureMachine.user, pages: 6000)
        let before = lists(machine)
        machine.letTimePass(3_000_000)
        #expect(lists(machine).high == before.high && lists(machine).count == before.count)
    }

    @Test func `pages of another node go back after three seconds without a change`() throws {
        var machine = try machine(KernelVersion(6, 12), nodes: 2)
        let remote = AllocationRequest(.GFP_HIGHUSER_MOVABLE, cpu: 0, node: 1)
        let zone = machine.zoneCount - 1
        #expect(machine.withZone(zone) { $0.node } == 1)
        freeMany(&machine, remote, pages: 5)
        let before = lists(machine, zone: zone)
        #expect(before.count > 0)
        for _ in 0..<3 { machine.letTimePass(1_000_000) }
        let after = lists(machine, zone: zone)
        #expect(after.count == before.count - min(before.count, before.batch))
    }

    @Test func `a CPU's part of the free pages is added to the zone's`() throws {
        var machine = try machine(KernelVersion(6, 12))
        _ = machine.allocate(PressureMachine.user)
        machine.drainAll()
        let shares = machine.withZone(0) { $0.buddy.counters[0].free }
        #expect(shares != 0)
        let exact = machine.withZone(0) { $0.buddy.counters.exactFree }
        machine.letTimePass(1_000_000)
        #expect(machine.withZone(0) { $0.buddy.counters[0].free } == 0)
        #expect(machine.withZone(0) { $0.buddy.counters.free } == exact)
    }
}
