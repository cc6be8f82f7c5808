import BuddyEngine
import GFP
import Testing
import Topology

@testable import PageAllocator

/// Whose turn it is on the only CPU (kernel/sched/fair.c).
@Suite struct SharedCPUTests {
    @Test func `under CFS kswapd goes first while it has run less, then waits for the slice's end`() {
        var cpu = SharedCPU(costs: CPUCosts())
        let turn1 = cpu.wakes(.completelyFair)
        #expect(turn1, "it has slept")
        cpu.switches()
        let turn2 = cpu.otherRuns(2_500, .completelyFair)
        #expect(!turn2)
        cpu.switchesBack()
        let turn3 = cpu.wakes(.completelyFair)
        #expect(!turn3, "half a millisecond less than the task is too little")
        let turn4 = cpu.taskRuns(1_000, .completelyFair)
        #expect(!turn4, "no tick yet")
        let turn5 = cpu.wakes(.completelyFair)
        #expect(turn5)
        let turn6 = cpu.taskRuns(1_000, .completelyFair)
        #expect(!turn6, "a tick, but 2 ms are no time slice")
        let turn7 = cpu.taskRuns(4_000, .completelyFair)
        #expect(turn7)
    }

    @Test func `under EEVDF it waits for a tick`() {
        var cpu = SharedCPU(costs: CPUCosts())
        let turn8 = cpu.wakes(.earliestDeadline)
        #expect(!turn8)
        let turn9 = cpu.taskRuns(3_999, .earliestDeadline)
        #expect(!turn9)
        let turn10 = cpu.taskRuns(1, .earliestDeadline)
        #expect(turn10)
        cpu.switches()
        #expect(cpu.timeLeft(.earliestDeadline) == 4_000)
        let turn11 = cpu.otherRuns(4_000, .earliestDeadline)
        #expect(turn11)
    }

    @Test(arguments: KernelProfile.all)
    func `kswapd is interrupted in its work, and continues with it`(profile: KernelProfile) throws {
        var machine = try Machine(PressureMachine.topology(profile.version))
        let lru = PressureMachine.fill(&machine, with: .file)
        machine.reclaimTiming = .sharedCPU(CPUCosts(request: 50, reclaimedPage: 100, fruitlessPass: 10, exitedPage: 5))
        var hasRested = false
        for _ in 0..<3000 {
            let served = machine.allocate(PressureMachine.user)
            let frame = try #require(served)
            lru.add(frame..<(frame + 1), .file, in: &machine)
            machine.letTimePassForRequest()
            if machine.pressure.balancing[0] != nil, !machine.kswapd[0].isAsleep { hasRested = true }
        }
        #expect(hasRested)
        #expect(machine.counters.pagesStolenByKswapd > 0 && machine.counters.pagesStolenDirectly > 0)
        try machine.checkInvariants()
        try lru.checkInvariants(in: machine)
    }

    @Test func `kswapd with a CPU of its own keeps up where one that shares the task's does not`() throws {
        var stolenDirectly: [Int] = []
        for node in [NodeID(0), 1] {
            var machine = try Machine(PressureMachine.topology(nodes: 2))
            let request = AllocationRequest(.GFP_HIGHUSER_MOVABLE.union(.thisNode), cpu: 0, node: node)
            let lru = PressureMachine.fill(&machine, with: .file, request: request)
            machine.reclaimTiming = .sharedCPU(
                CPUCosts(request: 20, reclaimedPage: 8, fruitlessPass: 8, exitedPage: 5))
            for _ in 0..<2000 {
                let served = machine.allocate(request)
                let frame = try #require(served)
                lru.add(frame..<(frame + 1), .file, in: &machine)
                machine.letTimePassForRequest()
            }
            #expect(machine.counters.pagesStolenByKswapd > 0)
            stolenDirectly.append(machine.counters.pagesStolenDirectly)
            try machine.checkInvariants()
        }
        // Even there the first request finds the node empty.
        #expect(stolenDirectly[0] > stolenDirectly[1], "\(stolenDirectly)")
    }

    @Test func `who was killed gives memory back turn by turn`() throws {
        var machine = try Machine(PressureMachine.topology())
        let lru = PressureMachine.fill(&machine, with: .anonymous, owner: "hog")
        machine.reclaimTiming = .sharedCPU(CPUCosts(request: 50, reclaimedPage: 10, fruitlessPass: 10, exitedPage: 10))
        let pages = lru.processes[0].pages
        let served = machine.allocate(PressureMachine.user)
        #expect(served != nil)
        #expect(machine.counters.oomKills == 1)
        let left = lru.processes[0].pages
        #expect(left < pages && left > pages - 1000, "\(pages - left) pages in one turn of 4 to 8 ms")
        #expect(machine.counters.allocStalls.reduce(0, +) > 2, "it asked again and again meanwhile")
    }
}
