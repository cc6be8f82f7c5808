import BuddyEngine
import Foundation
import GFP
import PageAllocator
import SourceText
import TestSupport
import Testing
import Topology
import Traces

@Suite struct ReplayTests {
    static func replay(_ events: [TraceEvent], _ options: ReplayOptions = ReplayOptions()) throws -> ReplayResult {
        var replay = try Replay(on: .topology(TraceMaker.topology), options: options)
        replay.play(events, vocabulary: TraceMaker.vocabulary)
        try replay.machine.checkInvariants()
        return replay.result
    }

    static func allocation(_ frame: UInt64, order: UInt8 = 0, mask: UInt32 = 0) -> TraceEvent {
        TraceEvent(.allocation, frame: frame, order: order, detail: mask)
    }

    static func free(_ frame: UInt64, order: UInt8 = 0) -> TraceEvent { TraceEvent(.free, frame: frame, order: order) }

    @Test func `frees find what their allocation got here, wherever the trace had it`() throws {
        var replay = try Replay(on: .topology(TraceMaker.topology))
        let before = replay.machine.freePages
        let far: [UInt64] = [1 << 40, 7, 1 << 50, 9]
        replay.play(far.map { Self.allocation($0, order: 3) }, vocabulary: TraceMaker.vocabulary)
        #expect(replay.result.served == 4)
        replay.play(far.reversed().map { Self.free($0, order: 3) }, vocabulary: TraceMaker.vocabulary)
        #expect(replay.result.frees == 4)
        #expect(replay.machine.freePages + replay.machine.perCPUPages == before)
    }

    @Test func `a block split by its owner can be freed page by page`() throws {
        let result = try Self.replay([Self.allocation(64, order: 2)] + [66, 64, 67, 65].map { Self.free($0) })
        #expect(result.frees == 4 && result.skipped(.freeWithoutAllocation) == 0)
    }

    @Test func `frees without allocation, double allocations, marks and list movements are counted, not fatal`() throws
    {
        let result = try Self.replay([
            Self.free(5), Self.allocation(5), Self.allocation(5), Self.free(5), Self.free(5),
            TraceEvent(.drain, frame: 5), TraceEvent(.loss, detail: 3), TraceEvent(.fallback, frame: 1),
        ])
        #expect(result.skipped(.freeWithoutAllocation) == 2)
        #expect(result.skipped(.doubleAllocation) == 1)
        #expect(result.skipped(.listMovement) == 2 && result.skipped(.notAnEvent) == 1)
        #expect(result.tracedFallbacks == 1 && result.events == 8 && result.frees == 1)
    }

    @Test func `what comes before the start mark and after the end mark is skipped`() throws {
        let result = try Self.replay([
            Self.allocation(5), TraceEvent(.mark, detail: 0), Self.allocation(6), TraceEvent(.mark, detail: 1),
            Self.free(6),
        ])
        #expect(result.requests == 1 && result.frees == 0)
        #expect(result.skipped(.beforeStartMark) == 2 && result.skipped(.afterEndMark) == 1)
    }

    @Test func `the same trace gives the same result, from text or binary form`() throws {
        let events = try TraceMaker.make(events: 6000, seed: 8, fullness: 0.95)
        let one = try Self.replay(events)
        let other = try Self.replay(try BinaryTraceTests.read(TraceMaker.file(events)).events)
        #expect(one.servedByZone == other.servedByZone && one.refused == other.refused)
        #expect(one.fallbacks == other.fallbacks && one.kswapdWakes == other.kswapdWakes)
    }

    @Test(arguments: [0.3, 0.9, 1.1])
    func `a machine's own trace agrees with it in lock-step, page frame for page frame`(fullness: Double) throws {
        let events = try TraceMaker.make(events: 3000, seed: 11, fullness: fullness)
        let result = try Self.replay(events, ReplayOptions(mode: .lockstep))
        let agreement = result.agreement
        #expect(agreement.compared == result.requests && agreement.compared > 1000)
        #expect(agreement.frame == agreement.compared)
        #expect(agreement.exchanged == 0 && agreement.notFree == 0 && agreement.takenWithoutEvent == 0)
        #expect(result.servedTracedRefusals == 0)
    }

    @Test(arguments: 0..<8)
    func `lock-step finds its way back after allocations that the trace does not show`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let events = try TraceMaker.make(events: 8000, seed: seed, fullness: 0.6)
        // One allocation in fifty goes unseen; its free is in the trace.
        let seen = events.filter { $0.kind != .allocation || generator.next() % 50 != 0 }
        let result = try Self.replay(seen, ReplayOptions(mode: .lockstep))
        let agreement = result.agreement
        #expect(Double(agreement.zone) >= 0.97 * Double(agreement.compared), "\(generator)")
        #expect(agreement.notFree == 0, "\(generator)")
    }

    static let undamaged = (try? TraceMaker.make(events: 4000, seed: 12)) ?? []

    @Test(arguments: 0..<20)
    func `damaged traces are replayed as far as they make sense`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let events = Self.undamaged.map { event in
            var event = event
            switch generator.next() % 12 {
            case 0: event.frame = generator.next() >> (generator.next() % 60)
            case 1: event.order = UInt8(generator.next() % 14)
            case 2: event.kind = [.free, .allocation, .taken, .drain, .refusal].randomElement(using: &generator)!
            case 3: event.cpu = UInt32(generator.next() % 5000)
            case 4: event.hasFrame.toggle()
            default: break
            }
            return event
        }
        for mode in [ReplayOptions.Mode.free, .lockstep] {
            let result = try Self.replay(events, ReplayOptions(mode: mode))
            #expect(result.events == events.count, "\(generator)")
        }
    }

    @Test func `the history of fragmentation stays small however long the trace is`() throws {
        var replay = try Replay(on: .topology(TraceMaker.topology))
        let batch = [Self.allocation(1), Self.free(1)]
        for _ in 0..<400 {
            replay.play(Array(repeating: batch, count: 400).flatMap { $0 }, vocabulary: TraceMaker.vocabulary)
        }
        let samples = replay.result.fragmentation.samples
        #expect(samples.count <= 256 && samples.count > 128)
        #expect(samples.allSatisfy { (0...1).contains($0.unusableIndex) })
    }
}
