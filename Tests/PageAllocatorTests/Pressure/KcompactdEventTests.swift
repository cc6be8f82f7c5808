import BuddyEngine
import GFP
import Testing
import Topology

@testable import PageAllocator

/// When kcompactd wakes and sleeps, as it is reported to observers and listeners. That kswapd wakes it is played by
/// `Config/scenarios/kcompactd.json5`.
@Suite struct KcompactdEventTests {
    /// Keeps what concerns kswapd and kcompactd.
    private final class Record: MachineListener {
        var events: [MachineEvent] = []

        var operations: [MachineOperation] = []

        func began(_ operation: MachineOperation) { operations.append(operation) }
        func happened(_ event: MachineEvent) {
            switch event {
            case .kcompactd, .kcompactdSlept, .kswapdSlept, .compacted: events.append(event)
            case .kswapd(let wake): if wake.awakened { events.append(event) }
            case .lists, .perCPU, .fellBack, .walk, .judged, .passedOver, .reclaimed, .outOfMemory, .boosted: break
            }
        }
        func ended(_ operation: MachineOperation, frame: PageFrame?, on machine: borrowing Machine) {}
    }

    /// A machine with every second page free, the others page cache that can be moved.
    private func fragmented(proactiveness: Int = 20) throws -> Machine {
        var sysctls = Sysctls(watermarkBoostFactor: 0)
        sysctls.compactionProactiveness = proactiveness
        var machine = try Machine(PressureMachine.topology(sysctls: sysctls))
        machine.checksFrees = false
        let lru = LRUReclaim()
        for (index, frame) in PressureMachine.fill(&machine, PressureMachine.user).enumerated() {
            if index % 2 == 0 {
                machine.free(frame, order: 0)
            } else {
                lru.add(frame..<(frame + 1), .file, in: &machine)
            }
        }
        machine.drainAll()
        // What is left in larger blocks.
        while machine.allocate(AllocationRequest(.GFP_NOWAIT, order: 4)) != nil {}
        machine.reclaimHook = lru
        machine.reclaimers[0].isAsleep = true
        return machine
    }

    @Test func `one that has nothing to do does not wake`() throws {
        var machine = try Machine(PressureMachine.topology())
        let record = Record()
        machine.listener = record
        machine.reclaimHook = LRUReclaim()
        while machine.allocate(AllocationRequest(.GFP_NOWAIT)) != nil {}
        #expect(machine.counters.compactDaemonWakes == 0)
        let hasKcompactd = record.events.contains {
            if case .kcompactd = $0 { true } else { false }
        }
        #expect(!hasKcompactd)
    }

    @Test func `what others do while time passes is told as well`() throws {
        var machine = try fragmented()
        machine.reclaimTiming = .sharedCPU(CPUCosts(request: 1))
        machine.pressure.proactive[0].next = 250_000
        let record = Record()
        machine.listener = record
        machine.letTimePass(100_000)
        #expect(record.events.isEmpty && record.operations == [.time(100_000)])
        machine.letTimePass(200_000)
        #expect(machine.counters.pagesMigrated > 0)
        #expect(record.events.count == 3 && record.events.last == .kcompactdSlept(0), "\(record.events)")
        machine.letTimePassForRequest()
        #expect(record.operations.last == .time(1))
    }

    @Test(arguments: [(20, true), (0, false)])
    func `ahead of need it wakes by itself`(proactiveness: Int, wakes: Bool) throws {
        var machine = try fragmented(proactiveness: proactiveness)
        let record = Record()
        machine.pressure.proactive[0].next = 0
        var observer = ListenerObserver(record)
        machine.checkFragmentation(0, at: 1, observing: &observer)
        guard wakes else { return #expect(record.events.isEmpty) }
        guard case .kcompactd(let wake) = record.events.first else { return #expect(record.events.first == nil) }
        #expect(wake.isProactive && wake.node == 0)
        #expect(record.events.last == .kcompactdSlept(0))
        #expect(machine.counters.compactDaemonWakes == 0, "nobody called")
    }
}
