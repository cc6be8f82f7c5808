import BuddyEngine
import GFP
import Testing
import Topology

@testable import PageAllocator

/// Whose turn it is on the only CPU (kernel/sched/fair.c).
@Suite struct SharedCPUTests {
    private func cpu(of profile: KernelProfile) -> SharedCPU {
        SharedCPU(costs: CPUCosts(), rules: profile.reclaim, cpus: 1)
    }

    @Test func `under CFS kswapd goes first while it has run less, then waits for the slice's end`() {
        var cpu = cpu(of: .v6_1)
        let turn1 = cpu.wakes()
        #expect(turn1, "it has slept")
        cpu.switches()
        let turn2 = cpu.otherRuns(2_500)
        #expect(!turn2, "a tick, but 2.5 ms are no time slice")
        cpu.switches()
        let turn3 = cpu.wakes()
        #expect(!turn3, "half a millisecond less than the task is too little")
        let turn4 = cpu.taskRuns(1_000, isContended: true)
        #expect(!turn4, "no tick yet")
        let turn5 = cpu.wakes()
        #expect(turn5)
        let turn6 = cpu.taskRuns(4_000, isContended: true)
        #expect(turn6)
    }

    @Test func `under EEVDF it goes first once it has run no more, else it waits for a tick`() {
        var cpu = cpu(of: .v6_12)
        let turn1 = cpu.wakes()
        #expect(turn1, "nothing is owed to who has slept, and nothing held against it")
        cpu.switches()
        _ = cpu.otherRuns(3_000)
        cpu.sleeps()
        cpu.switches()
        let turn2 = cpu.taskRuns(1_000, isContended: false)
        #expect(!turn2)
        let turn3 = cpu.wakes()
        #expect(!turn3, "it has run 2 ms more than the task since")
        #expect(!cpu.isKswapdNext)
        let turn4 = cpu.taskRuns(2_000, isContended: true)
        #expect(turn4, "a tick")
        #expect(cpu.isKswapdNext)
    }

    @Test func `under EEVDF it keeps what it was owed when it went to sleep`() {
        var cpu = cpu(of: .v6_12)
        _ = cpu.wakes()
        _ = cpu.taskRuns(3_000, isContended: true)
        cpu.switches()
        _ = cpu.otherRuns(1_000)
        cpu.sleeps()
        cpu.switches()
        _ = cpu.wakes()
        cpu.switches()
        _ = cpu.otherRuns(1_999)
        #expect(cpu.isKswapdNext, "2 ms were owed")
        _ = cpu.otherRuns(2)
        #expect(!cpu.isKswapdNext)
    }

    @Test func `who has run more does not go first, even at the end of a slice`() {
        var cpu = cpu(of: .v6_1)
        _ = cpu.wakes()
        cpu.switches()
        let isOver = cpu.otherRuns(9_000)
        #expect(isOver)
        cpu.switches()
        let isTold = cpu.taskRuns(4_000, isContended: true)
        #expect(isTold)
        #expect(!cpu.isKswapdNext, "kswapd has run 2 ms more")
        _ = cpu.taskRuns(3_000, isContended: true)
        #expect(cpu.isKswapdNext)
    }

    @Test func `where preemption is lazy the tick after the first one counts, or after a wake-up`() {
        var cpu = cpu(of: .v7_3)
        let first = cpu.taskRuns(4_000, isContended: true)
        #expect(!first)
        let second = cpu.taskRuns(4_000, isContended: true)
        #expect(second)
        cpu.switches()
        let woken = cpu.wakes()
        #expect(!woken, "not at once, though it has run less")
        let third = cpu.taskRuns(4_000, isContended: true)
        #expect(third)
    }

    @Test(arguments: [KernelVersion(5, 10), KernelVersion(6, 1)])
    func `without preemption a task that allocates gives the CPU up only where it reclaims`(
        kernel: KernelVersion
    ) throws {
        var machine = try Machine(PressureMachine.topology(kernel))
        let lru = PressureMachine.fill(&machine, with: .file)
        machine.reclaimTiming = .sharedCPU(CPUCosts(request: 50, reclaimedPage: 10, fruitlessPass: 10, exitedPage: 5))
        var stolenBetweenRequests = 0
        for _ in 0..<2000 {
            let served = machine.allocate(PressureMachine.user)
            let frame = try #require(served)
            lru.add(frame..<(frame + 1), .file, in: &machine)
            let before = machine.counters.pagesStolenByKswapd
            machine.letTimePassForRequest()
            stolenBetweenRequests += machine.counters.pagesStolenByKswapd - before
        }
        #expect((stolenBetweenRequests > 0) == (machine.profile.reclaim.preemption == .voluntary))
        #expect(machine.counters.pagesStolenByKswapd > 0)
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

    @Test(arguments: KernelProfile.all)
    func `an interrupt gives the CPU up to nobody`(profile: KernelProfile) throws {
        var machine = try Machine(PressureMachine.topology(profile.version))
        let lru = PressureMachine.fill(&machine, with: .file)
        machine.reclaimTiming = .sharedCPU(CPUCosts(request: 50, reclaimedPage: 1))
        var refused = 0
        for _ in 0..<3000 where machine.allocate(AllocationRequest(.GFP_ATOMIC, task: .interrupt)) == nil {
            refused += 1
        }
        #expect(refused > 0)
        #expect(machine.counters.pagesStolenByKswapd == 0, "it was awakened, and waits")
        // A kernel with lazy preemption tells the task at one tick, and takes the CPU at the next.
        for _ in 0..<3 { machine.letTimePass(4_000) }
        #expect(machine.counters.pagesStolenByKswapd > 0)
        try lru.checkInvariants(in: machine)
    }

    @Test func `kswapd with a CPU of its own keeps up where one that shares the task's does not`() throws {
        var stolenDirectly: [Int] = []
        for node in [NodeID(0), 1] {
            var machine = try Machine(PressureMachine.topology(KernelVersion(5, 10), nodes: 2))
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
