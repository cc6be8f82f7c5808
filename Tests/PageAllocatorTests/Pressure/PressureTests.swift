import BuddyEngine
import GFP
import TestSupport
import Testing
import Topology

@testable import PageAllocator

/// Requests in a full machine: what reclaim, compaction and the OOM killer do for them.
@Suite struct PressureTests {
    static let kernels = [KernelVersion(6, 1), KernelVersion(6, 12)]

    @Test(arguments: kernels)
    func `clean page cache gives way to any number of requests, and kswapd keeps the high mark`(
        kernel: KernelVersion
    ) throws {
        var machine = try Machine(PressureMachine.topology(kernel))
        let lru = PressureMachine.fill(&machine, with: .file)
        for _ in 0..<5000 {
            let served = machine.allocate(PressureMachine.user)
            let frame = try #require(served)
            lru.add(frame..<(frame + 1), .file, in: &machine)
        }
        #expect(machine.counters.kswapdRounds > 0)
        #expect(machine.counters.pagesStolenByKswapd + machine.counters.pagesStolenDirectly >= 4000)
        #expect(machine.counters.fileScanned == machine.counters.fileStolen)
        #expect(machine.counters.oomKills == 0)
        try machine.checkInvariants()
    }

    @Test(arguments: kernels)
    func `without swap anonymous memory stays, its owner is killed, and then requests are served`(
        kernel: KernelVersion
    ) throws {
        var machine = try Machine(PressureMachine.topology(kernel))
        let lru = PressureMachine.fill(&machine, with: .anonymous, owner: "hog")
        #expect(machine.allocate(PressureMachine.user) != nil)
        #expect(machine.counters.oomKills == 1)
        #expect(machine.counters.pagesStolenDirectly == 0)
        #expect(lru.processes[0].isKilled && lru.processes[0].pages == 0)
        // With nothing reclaimable one round is enough to know; 6.12 counts it twice.
        #expect(machine.counters.allocStalls.reduce(0, +) == (kernel == KernelVersion(6, 1) ? 1 : 2))
    }

    @Test func `with swap anonymous memory goes there until it is full`() throws {
        var machine = try Machine(PressureMachine.topology())
        let lru = PressureMachine.fill(&machine, with: .anonymous, swapPages: 500)
        var served = 0
        while machine.allocate(PressureMachine.user) != nil { served += 1 }
        #expect(lru.swappedPages == 500)
        #expect(machine.counters.pagesSwappedOut == 500)
        #expect((300...900).contains(served))
    }

    @Test(arguments: [GFPFlags.retryMayFail, .thisNode])
    func `nobody is killed for a request that has another way`(flag: GFPFlags) throws {
        var machine = try Machine(PressureMachine.topology())
        _ = PressureMachine.fill(&machine, with: .anonymous, owner: "hog")
        var observer = OutOfMemoryRecorder()
        let frame = machine.allocate(AllocationRequest(GFPFlags.GFP_KERNEL.union(flag)), observing: &observer)
        #expect(frame == nil)
        #expect(observer.verdicts == [.notTried(flag == .thisNode ? .boundToNode : .callerHasFallback)])
        #expect(machine.counters.oomKills == 0)
    }

    @Test func `a machine without processes panics rather than loops`() throws {
        var machine = try Machine(PressureMachine.topology())
        _ = PressureMachine.fill(&machine, PressureMachine.user)
        machine.reclaimHook = NullReclaim()
        var observer = OutOfMemoryRecorder()
        let frame = machine.allocate(AllocationRequest([.GFP_KERNEL, .noFail]), observing: &observer)
        #expect(frame == nil || observer.verdicts.contains(.panic))
        #expect(observer.verdicts.allSatisfy { $0 == .panic })
    }

    @Test(arguments: kernels)
    func `compaction makes a huge block of scattered cache, and the pages keep their owner`(
        kernel: KernelVersion
    ) throws {
        var machine = try Machine(PressureMachine.topology(kernel))
        let lru = LRUReclaim()
        let frames = PressureMachine.fill(&machine, PressureMachine.user)
        for (index, frame) in frames.enumerated() {
            if index % 2 == 0 {
                machine.free(frame, order: 0)
            } else {
                lru.add(frame..<(frame + 1), .file, in: &machine)
            }
        }
        machine.drainAll()
        let before = lru.pages(.file)
        machine.reclaimHook = lru
        let huge = AllocationRequest([.GFP_HIGHUSER_MOVABLE, .retryMayFail], order: 9)
        var served = 0
        while let frame = machine.allocate(huge) {
            served += 1
            #expect(!lru.holds(frame))
        }
        #expect(served >= 8)
        #expect(machine.counters.pagesMigrated > 0)
        #expect(lru.pages(.file) + machine.counters.fileStolen == before)
        try machine.checkInvariants()
    }

    @Test func `zone_reclaim_mode drops the own node's cache before it goes to another`() throws {
        for mode in [0, 1] {
            let sysctls = Sysctls(watermarkBoostFactor: 0, zoneReclaimMode: mode)
            var machine = try Machine(PressureMachine.topology(nodes: 2, sysctls: sysctls))
            _ = PressureMachine.fill(
                &machine, with: .file, request: AllocationRequest([.GFP_HIGHUSER_MOVABLE, .thisNode], node: 0))
            let gfp = GFPFlags.GFP_HIGHUSER_MOVABLE.subtracting(.kswapdReclaim)
            var last: NodeID?
            for _ in 0..<50 {
                let frame = machine.allocate(AllocationRequest(gfp))
                last = frame.flatMap { machine.zone(of: $0)?.node }
            }
            #expect(last == NodeID(mode == 0 ? 1 : 0))
        }
    }

    /// `numazones run --rounds --check-invariants` does this with ten million requests.
    @Test func `a run under pressure keeps its invariants`() throws {
        let seed: UInt64 = 11
        var random = SeededGenerator(seed: seed)
        var machine = try Machine(PressureMachine.topology(nodes: 2))
        var held: [(frame: PageFrame, order: Order)] = []
        let lru = PressureMachine.fill(&machine, with: .file, swapPages: 4096)
        for index in 0..<20_000 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<6:
                if let frame = machine.allocate(AllocationRequest(.GFP_HIGHUSER_MOVABLE, cpu: CPUID(index & 1))) {
                    let kind: LRUReclaim.PageKind = Int.random(in: 0..<4, using: &random) == 0 ? .anonymous : .file
                    lru.add(frame..<(frame + 1), kind, isDirty: index % 7 == 0, in: &machine)
                    if index % 5 == 0 { lru.touch(frame) }
                }
            case 6..<8 where held.count < 2000:
                let order = Order(Int.random(in: 0..<5, using: &random))
                if let frame = machine.allocate(AllocationRequest([.GFP_KERNEL, .noRetry], order: order)) {
                    held.append((frame, order))
                }
            default:
                guard let block = held.popLast() else { continue }
                machine.free(block.frame, order: block.order)
            }
            if index % 1000 == 0 {
                try machine.checkInvariants()
                try lru.checkInvariants(in: machine)
            }
        }
        try machine.checkInvariants()
        try lru.checkInvariants(in: machine)
        #expect(machine.counters.kswapdRounds > 0, "seed \(seed)")
        #expect(machine.counters.fileStolen > 0, "seed \(seed)")
    }

    @Test func `LRU lists that hold a free page are reported`() throws {
        var machine = try Machine(PressureMachine.topology())
        let lru = PressureMachine.fill(&machine, with: .file)
        let last = machine.allocate(PressureMachine.user)
        let frame = try #require(last)
        lru.add(frame..<(frame + 1), .file, in: &machine)
        machine.free(frame, order: 0)
        machine.drainAll()
        #expect(throws: InvariantViolation.self) { try lru.checkInvariants(in: machine) }
    }

    @Test(arguments: [false, true])
    func `oom_kill_allocating_task has who asks killed, small as it is`(isSet: Bool) throws {
        var machine = try Machine(PressureMachine.topology())
        let small = machine.allocate(PressureMachine.user)
        let frame = try #require(small)
        let lru = PressureMachine.fill(&machine, with: .anonymous, owner: "hog")
        let caller = lru.addProcess("asks")
        lru.add(frame..<(frame + 1), .anonymous, owner: caller, in: &machine)
        lru.caller = caller
        var sysctls = machine.topology.sysctls
        sysctls.oomKillAllocatingTask = isSet
        try machine.set(sysctls)
        var observer = OutOfMemoryRecorder()
        _ = machine.allocate(PressureMachine.user, observing: &observer)
        #expect(observer.verdicts == [.killed(isSet ? "asks" : "hog")])
        #expect(lru.processes.map(\.isKilled) == [!isSet, isSet])
        // The kernel's own requests are nobody's, so the setting does not touch them.
        guard isSet else { return }
        lru.caller = nil
        while machine.counters.oomKills < 2, machine.allocate(PressureMachine.user) != nil {}
        #expect(lru.processes[0].isKilled)
    }

    @Test func `panic_on_oom 1 panics unless a policy or cpuset binds the request, 2 always`() throws {
        for (mode, cpuset, verdict) in [
            (1, nil, OutOfMemoryEvent.Verdict.panic), (1, Cpuset(NodeMask([0])), .killed("hog")),
            (2, Cpuset(NodeMask([0])), .panic),
        ] {
            var machine = try Machine(PressureMachine.topology(nodes: 2))
            _ = PressureMachine.fill(&machine, with: .anonymous, owner: "hog")
            var sysctls = machine.topology.sysctls
            sysctls.panicOnOOM = mode
            try machine.set(sysctls)
            var task = TaskPlacement(cpuset: cpuset)
            var observer = OutOfMemoryRecorder()
            _ = machine.allocate(AllocationRequest(.GFP_USER), by: &task, observing: &observer)
            #expect(observer.verdicts.first == verdict, "panic_on_oom \(mode)")
        }
    }
}

/// Keeps what the OOM killer was asked.
struct OutOfMemoryRecorder: SilentObserver {
    var verdicts: [OutOfMemoryEvent.Verdict] = []

    static var wantsLooks: Bool { false }
    mutating func ranOutOfMemory(_ event: OutOfMemoryEvent) { verdicts.append(event.verdict) }
}
