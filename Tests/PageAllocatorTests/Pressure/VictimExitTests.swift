import BuddyEngine
import GFP
import Testing
import Topology

@testable import PageAllocator

/// How the memory of a killed process comes back where it shares the CPU with who asks for it.
@Suite struct VictimExitTests {
    private func costs(unmapping: Int) -> CPUCosts {
        CPUCosts(
            request: 50, reclaimedPage: 10, fruitlessPass: 10, exitedPage: 1, hundredPagesUnmapped: unmapping)
    }

    /// Kills the only process, and returns how many pages it has freed when the request that killed it is served, and how
    /// often that request reclaimed in vain.
    private func kill(unmapping: Int) throws -> (freed: Int, stalls: Int) {
        var machine = try Machine(PressureMachine.topology())
        let lru = PressureMachine.fill(&machine, with: .anonymous, owner: "hog")
        machine.reclaimTiming = .sharedCPU(costs(unmapping: unmapping))
        let pages = lru.processes[0].pages
        let served = machine.allocate(PressureMachine.user)
        #expect(served != nil)
        #expect(machine.counters.oomKills == 1)
        try machine.checkInvariants()
        try lru.checkInvariants(in: machine)
        return (pages - lru.processes[0].pages, machine.counters.allocStalls.reduce(0, +))
    }

    @Test func `a process unmaps thousands of pages before it frees the first`() throws {
        let (quick, slow) = (try kill(unmapping: 0), try kill(unmapping: 400))
        #expect(slow.stalls > quick.stalls * 3, "9,698 pages take 39 ms to unmap: \(quick) \(slow)")
        #expect(slow.freed > 0 && slow.freed <= 9_698)
    }

    @Test func `it frees all of it in the end, the last part too`() throws {
        var machine = try Machine(PressureMachine.topology())
        let lru = PressureMachine.fill(&machine, with: .anonymous, owner: "hog")
        machine.reclaimTiming = .sharedCPU(costs(unmapping: 100))
        _ = machine.allocate(PressureMachine.user)
        #expect(lru.processes[0].pages % 9_698 != 0)
        for _ in 0..<200 { machine.letTimePass(4_000) }
        #expect(lru.processes[0].pages == 0)
        #expect(lru.exitingPages == 0)
        #expect(machine.pressure.exit == nil)
        try machine.checkInvariants()
    }

    @Test func `a process that waits does not exit when it is killed, and nobody is killed after it`() throws {
        var machine = try Machine(PressureMachine.topology())
        let lru = LRUReclaim()
        let owner = lru.addProcess("waits", isWaiting: true)
        let frames = PressureMachine.fill(&machine, PressureMachine.user)
        for frame in frames { lru.add(frame..<(frame + 1), .anonymous, owner: owner, in: &machine) }
        machine.reclaimHook = lru
        machine.reclaimTiming = .sharedCPU(costs(unmapping: 0))
        let call = OutOfMemoryCall(gfp: .GFP_KERNEL, order: 0)
        #expect(lru.killProcess(call, in: &machine) == .killed("waits"))
        #expect(lru.exitingPages == 0)
        #expect(lru.letOthersRun(upTo: nil, in: &machine) == 0)
        #expect(lru.killProcess(call, in: &machine) == .stillDying)
        #expect(lru.processes[owner].pages == frames.count)
    }

    @Test func `compaction takes no page that its owner could not move`() throws {
        var machine = try Machine(PressureMachine.topology())
        let frames = PressureMachine.fill(&machine, PressureMachine.user)
        let lru = LRUReclaim()
        machine.reclaimHook = lru
        // Every second page is free, the others are movable, and the model does not know any of them.
        for (index, frame) in frames.enumerated() {
            if index % 2 == 0 { machine.free(frame, order: 0) } else { machine.setMovable(true, frame..<(frame + 1)) }
        }
        machine.drainAll()
        #expect(!lru.mayBeMoved(frames[1]))
        while machine.allocate(AllocationRequest(.GFP_KERNEL.union(.noRetry), order: 3)) != nil {}
        #expect(machine.counters.compactMigrateScanned > 0)
        #expect(machine.counters.pagesMigrated == 0 && machine.counters.migrationsFailed == 0)
    }
}
