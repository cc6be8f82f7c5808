import BuddyEngine
import PageAllocator
import Testing
import Topology
import Traces

@Suite struct ReplayReclaimTests {
    /// More movable pages than there are, none of them freed; then all are freed.
    private static let flood: [TraceEvent] = {
        let frames = UInt64(1)...80_000
        return frames.map { TraceEvent(.allocation, frame: $0, order: 0, detail: 0) }
            + frames.map { TraceEvent(.free, frame: $0, order: 0) }
    }()

    private static func replay(_ reclaim: ReplayReclaim?) throws -> Replay {
        var replay = try Replay(on: .topology(TraceMaker.topology), options: ReplayOptions(reclaim: reclaim))
        replay.play(flood, vocabulary: TraceMaker.vocabulary)
        try replay.machine.checkInvariants()
        return replay
    }

    @Test func `page cache is reclaimed where requests were refused without`() throws {
        let without = try Self.replay(nil)
        #expect(without.result.refused > 10_000 && without.result.reclaim == nil)
        let with = try Self.replay(ReplayReclaim(cacheShare: 1))
        #expect(with.result.refused == 0)
        let reclaim = try #require(with.result.reclaim)
        #expect(reclaim.reclaimed >= 80_000 - 65_536)
        #expect(reclaim.swappedOut == 0)
    }

    @Test func `a page that was reclaimed is not freed a second time`() throws {
        let replay = try Self.replay(ReplayReclaim(cacheShare: 1))
        let result = replay.result
        #expect(result.skipped(.freeOfReclaimed) == result.reclaim?.reclaimed)
        #expect(result.frees + result.skipped(.freeOfReclaimed) == 80_000)
        let managed = (0..<replay.machine.zoneCount).reduce(0) { sum, zone in
            sum + replay.machine.withZone(zone) { $0.managed }
        }
        #expect(replay.machine.freePages + replay.machine.perCPUPages == managed)
    }

    @Test func `anonymous memory goes as far as there is swap`() throws {
        let none = try Self.replay(ReplayReclaim(swapPages: 0, cacheShare: 0))
        #expect(none.result.refused > 10_000 && none.result.reclaim?.swappedOut == 0)
        let some = try Self.replay(ReplayReclaim(swapPages: 4096, cacheShare: 0))
        #expect(some.result.reclaim?.swappedOut == 4096)
        #expect(some.result.refused < none.result.refused)
    }

    @Test func `pages in use at the start can be reclaimed too`() throws {
        var machine = try Machine(TraceMaker.topology)
        while machine.allocate(AllocationRequest(TraceMaker.vocabulary.masks[0].flags)) != nil {}
        let full = MachineStart.snapshot(machine.snapshot())
        let events = (0..<2000).map { TraceEvent(.allocation, frame: UInt64($0), order: 0, detail: 0) }
        var without = try Replay(on: full)
        without.play(events, vocabulary: TraceMaker.vocabulary)
        #expect(without.result.refused > 0)
        var with = try Replay(on: full, options: ReplayOptions(reclaim: ReplayReclaim(cacheShare: 0.6)))
        with.play(events, vocabulary: TraceMaker.vocabulary)
        #expect(with.result.refused == 0 && with.result.reclaim?.atStart ?? 0 > 60_000)
    }

    @Test func `requests that the trace saw refused are in no share`() throws {
        var replay = try Replay(on: .topology(TraceMaker.topology))
        let refusals = (0..<500).map { _ in TraceEvent(.refusal, order: 0, detail: 1) }
        let requests = (0..<100).map { TraceEvent(.allocation, frame: UInt64($0), order: 0, detail: 1) }
        replay.play(refusals + requests, vocabulary: TraceMaker.vocabulary)
        #expect(replay.result.requestsByMask.reduce(0, +) == 100 && replay.result.requests == 100)
        #expect(replay.result.requestsByOrder.reduce(0, +) == 100 && replay.result.tracedRefusals == 500)
    }
}
