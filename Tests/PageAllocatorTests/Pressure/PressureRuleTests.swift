import BuddyEngine
import GFP
import Testing
import Topology

@testable import PageAllocator

/// Rules of reclaim, compaction and kswapd, each by itself (mm/vmscan.c, mm/compaction.c).
@Suite struct PressureRuleTests {
    private func call(
        _ reason: ReclaimCall.Reason, priority: Int = 0, highest: Int = 5, target: Int = 1 << 20
    ) -> ReclaimCall {
        ReclaimCall(
            reason: reason, node: 0, order: 0, highestZoneIndex: highest, gfp: [], priority: priority, target: target)
    }

    private func take(_ count: Int, _ machine: inout Machine) throws -> [PageFrame] {
        try (0..<count).map { _ in
            let frame = machine.allocate(PressureMachine.user)
            return try #require(frame)
        }
    }

    @Test func `swappiness is anonymous memory's part of 200`() throws {
        for (swappiness, anonymous, file) in [(20, 100, 225), (60, 300, 175), (0, 0, 250)] {
            var topology = PressureMachine.topology(KernelVersion(6, 1))
            topology.sysctls.swappiness = swappiness
            var machine = try Machine(topology)
            let lru = LRUReclaim(swapPages: 10_000)
            for (count, kind, isActive) in [
                (1000, LRUReclaim.PageKind.file, false), (3000, .file, true), (4000, .anonymous, false),
            ] {
                for frame in try take(count, &machine) {
                    lru.add(frame..<(frame + 1), kind, isActive: isActive, in: &machine)
                }
            }
            _ = lru.reclaim(call(.kswapd, priority: 2), in: &machine)
            #expect(machine.counters.anonymousScanned == anonymous, "swappiness \(swappiness)")
            #expect(machine.counters.fileScanned == file, "swappiness \(swappiness)")
        }
    }

    @Test func `dirty page cache is written by kswapd, not by a request`() throws {
        var machine = try Machine(PressureMachine.topology())
        let lru = LRUReclaim()
        for frame in try take(64, &machine) { lru.add(frame..<(frame + 1), .file, isDirty: true, in: &machine) }
        let freed = lru.reclaim(call(.direct), in: &machine)
        #expect(freed == 0 && machine.counters.pagesWritten == 0)
        _ = lru.reclaim(call(.kswapd), in: &machine)
        #expect(machine.counters.pagesWritten > 0)
    }

    @Test func `slab caches shrink by the part of them that the priority says`() throws {
        var machine = try Machine(PressureMachine.topology())
        let lru = LRUReclaim()
        lru.addSlabs(try take(64, &machine), node: 0)
        let freed = lru.reclaim(call(.direct, priority: 2), in: &machine)
        #expect(freed == 16 && lru.slabPages[0]?.count == 48)
        try machine.checkInvariants()
    }

    @Test func `a page that was used goes to the active list, one of a zone that does not help stays`() throws {
        var machine = try Machine(PressureMachine.topology())
        let lru = LRUReclaim()
        let pages = try take(64, &machine)
        for frame in pages { lru.add(frame..<(frame + 1), .file, in: &machine) }
        let freed = lru.reclaim(call(.direct, highest: 0), in: &machine)
        #expect(freed == 0)
        lru.touch(pages[0])
        _ = lru.reclaim(call(.direct), in: &machine)
        #expect(lru.holds(pages[0]) && !lru.holds(pages[1]))
        #expect(machine.counters.pagesActivated == 1)
    }

    @Test func `a costly order is compacted only if its index is above the threshold`() throws {
        for (threshold, suits) in [(499, true), (500, false), (501, false)] {
            var machine = try ZoneRuleTests.emptied()
            var sysctls = machine.topology.sysctls
            sysctls.extfragThreshold = threshold
            try machine.set(sysctls)
            // Four blocks of four pages: 1000 - (1000 + 1000) / 4.
            let start = machine.zones[0].buddy.range.lowerBound
            for block in 0..<4 { machine.zones[0].buddy.merge(start + block * 512, order: 2, type: .unmovable) }
            machine.zones[0].buddy.counters.free = 1 << 20
            #expect(machine.zones[0].fragmentation.index(4) == 500)
            #expect(machine.isSuitableForCompaction(0, order: 4, highest: machine.zones[0].index) == suits)
            #expect(machine.isSuitableForCompaction(0, order: 3, highest: machine.zones[0].index) == true)
        }
    }

    @Test func `compaction that failed is put off for twice as many tries each time, for its order and larger`() throws
    {
        var machine = try ZoneRuleTests.machine()
        // Order 4 has succeeded before.
        machine.resetDeferral(0, 4, isCertain: true)
        machine.postpone(0, 5)
        #expect(machine.isDeferred(0, 4) == false)
        let first = [0, 1].map { _ in machine.isDeferred(0, 5) }
        #expect(first == [true, false])
        machine.postpone(0, 5)
        let second = (0..<4).map { _ in machine.isDeferred(0, 6) }
        #expect(second == [true, true, true, false])
    }

    @Test func `why nobody is killed for a request`() throws {
        var machine = try Machine(PressureMachine.topology(nodes: 2))
        _ = PressureMachine.fill(&machine, with: .anonymous, owner: "hog")
        let reasons: [(GFPFlags, Order, OutOfMemoryEvent.Reason)] = [
            ([.GFP_KERNEL, .retryMayFail], 4, .costlyOrder), ([.GFP_KERNEL, .retryMayFail], 0, .callerHasFallback),
            ([.GFP_KERNEL, .thisNode], 0, .boundToNode), (.GFP_NOFS, 0, .noFileSystem),
        ]
        for (gfp, order, reason) in reasons {
            var observer = VerdictRecorder()
            let request = AllocationRequest(gfp, order: order)
            while machine.allocate(request, observing: &observer) != nil {}
            #expect(observer.verdicts.last == .notTried(reason))
        }
        #expect(machine.counters.oomKills == 0)
    }

    @Test func `kswapd is called below the high mark, and not again once it is hopeless`() throws {
        var machine = try ZoneRuleTests.machine()
        machine.zones[0].setWatermarks(WatermarkValues(min: 100, low: 200, high: 300))
        machine.zones[0].buddy.counters.free = 250
        let highest = machine.zones[0].index
        #expect(machine.isBalanced(node: 0, order: 0, highest: highest) == false)
        var listener = WakeRecorder()
        machine.kswapd[0].failures = 16
        machine.wakeKswapd(0, order: 0, highest: highest, observing: &listener)
        machine.kswapd[0].failures = 15
        machine.wakeKswapd(0, order: 0, highest: highest, observing: &listener)
        #expect(listener.awakened == [false, true])
    }

    private struct VerdictRecorder: SilentObserver {
        var verdicts: [OutOfMemoryEvent.Verdict] = []
        static var wantsLooks: Bool { false }
        mutating func ranOutOfMemory(_ event: OutOfMemoryEvent) { verdicts.append(event.verdict) }
    }

    private struct WakeRecorder: SilentObserver {
        var awakened: [Bool] = []
        static var wantsLooks: Bool { false }
        mutating func wokeKswapd(_ wake: KswapdWake) { awakened.append(wake.awakened) }
    }
}
