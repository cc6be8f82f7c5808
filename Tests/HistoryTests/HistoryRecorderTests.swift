import BuddyEngine
import GFP
import PageAllocator
import Testing
import Topology

@testable import History

/// What is recorded, and that recording changes no answer.
@Suite struct HistoryRecorderTests {
    private static let requests: [AllocationRequest] = [
        AllocationRequest(.GFP_KERNEL), AllocationRequest(.GFP_KERNEL, order: 3),
        AllocationRequest(.GFP_HIGHUSER_MOVABLE, order: 2),
        AllocationRequest(.GFP_ATOMIC, order: 5), AllocationRequest(.GFP_KERNEL, order: 9),
        AllocationRequest(.GFP_KERNEL, order: 1),
    ]

    /// 128 MiB, two CPUs: small enough to run out.
    private func machine() throws -> Machine {
        try Machine(Topology(nodes: [Topology.Node(id: 0, cpus: [0, 1], memory: [0..<32768])]))
    }

    /// A seeded mixture of requests and frees; returns what each request got.
    private func play(_ machine: inout Machine, seed: UInt64, count: Int) -> [PageFrame?] {
        var random = SeededRandom(seed: seed)
        var held: [(PageFrame, Order)] = []
        var answers: [PageFrame?] = []
        for _ in 0..<count {
            if !held.isEmpty, random.next(below: 5) < 2 {
                let (frame, order) = held.remove(at: random.next(below: held.count))
                machine.free(frame, order: order)
                continue
            }
            let request = Self.requests[random.next(below: Self.requests.count)]
            let frame = machine.allocate(request)
            answers.append(frame)
            if let frame { held.append((frame, request.order)) }
        }
        return answers
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `a machine that is listened to gives the same answers and ends in the same state`(_ seed: UInt64) throws {
        var plain = try machine()
        var recorded = try machine()
        recorded.listener = HistoryRecorder(recorded)
        let plainAnswers = play(&plain, seed: seed, count: 4000)
        let recordedAnswers = play(&recorded, seed: seed, count: 4000)
        #expect(plainAnswers == recordedAnswers, "seed \(seed)")
        let (plainState, recordedState) = (plain.snapshot(), recorded.snapshot())
        #expect(plainState == recordedState, "seed \(seed)")
    }

    @Test func `each request and each free is an event of its own`() throws {
        var machine = try machine()
        let recorder = HistoryRecorder(machine)
        machine.listener = recorder
        let answer = machine.allocate(AllocationRequest(.GFP_KERNEL, order: 4))
        let frame = try #require(answer)
        machine.free(frame, order: 4)
        let events = recorder.history.events
        try #require(events.count == 2)
        #expect(events[0].frame == frame)
        #expect(events[0].operation == .request(AllocationRequest(.GFP_KERNEL, order: 4)))
        #expect(events[1].operation == .free(frame, order: 4, cpu: 0))
        let digest = StateDigest(machine).value
        #expect(events[1].digest == digest)
    }

    @Test func `a long run keeps its last events one by one, and stretches of those before`() throws {
        var machine = try machine()
        let recorder = HistoryRecorder(machine, limit: 100)
        machine.listener = recorder
        _ = play(&machine, seed: 4, count: 1050)
        let history = recorder.history
        #expect(history.leftOut + history.events.count == 1050)
        #expect((100...125).contains(history.events.count))
        #expect(history.firstNumber == history.leftOut + 1)
        let digest = StateDigest(machine).value
        #expect(history.events.last?.digest == digest)
        var next = 1
        for stretch in history.stretches {
            #expect(stretch.numbers.lowerBound == next)
            next = stretch.numbers.upperBound + 1
        }
        #expect(next == history.firstNumber)
    }

    @Test func `stretches tell the least and the most that was free, and what there was to notice`() throws {
        var machine = try machine()
        let whole = HistoryRecorder(machine, limit: 10_000)
        machine.listener = whole
        _ = play(&machine, seed: 5, count: 3000)
        var again = try self.machine()
        let recorder = HistoryRecorder(again, limit: 100)
        again.listener = recorder
        _ = play(&again, seed: 5, count: 3000)
        let (all, some) = (whole.history, recorder.history)
        try #require(some.leftOut > 2000)
        var tally = HistoryTally()
        for event in all.events.prefix(some.leftOut) { tally.add(HistoryTally(event)) }
        #expect(some.tallyLeftOut == tally && tally.refusals > 0)
        let free = all.start.zones.indices.map { zone in some.stretches.map { $0.least[zone] }.min() }
        #expect(free.allSatisfy { $0 ?? 0 >= 0 })
        #expect(some.stretches.allSatisfy { stretch in zip(stretch.least, stretch.most).allSatisfy { $0 <= $1 } })
    }

    @Test func `a stretch remembers that kcompactd woke in it, and only that stretch`() throws {
        var machine = try machine()
        let recorder = HistoryRecorder(machine, limit: 100)
        machine.listener = recorder
        for index in 0..<1000 {
            recorder.began(.set)
            if index == 40 {
                recorder.happened(
                    .kcompactd(KcompactdWake(node: 0, order: 4, highestZoneIndex: 0, isProactive: false)))
                recorder.happened(.kcompactdSlept(0))
            }
            recorder.ended(.set, frame: nil, on: machine)
        }
        let marked = recorder.history.stretches.filter { $0.compacting == [true] }
        #expect(marked.map { $0.numbers.contains(41) } == [true])
    }

    @Test func `ten million events leave some thousand stretches, finer towards the end`() {
        var levels = HistoryLevels(zones: 3)
        let marks: [ZoneMarks] = []
        let length = 16
        for batch in 0..<625 {
            levels.append(
                (0..<1000).map { place in
                    let first = (batch * 1000 + place) * length + 1
                    return HistoryStretch(
                        numbers: first...(first + length - 1), least: [place], most: [place], marks: marks, awake: [])
                })
        }
        let stretches = levels.stretches
        #expect(stretches.first?.numbers.lowerBound == 1 && stretches.last?.numbers.upperBound == 10_000_000)
        #expect((4096...40_000).contains(stretches.count))
        #expect(stretches.last?.numbers.count == length)
        let counts = stretches.map(\.numbers.count)
        #expect(counts == counts.sorted(by: >))
        #expect(stretches.first?.least[0] ?? 0 < stretches.first?.most[0] ?? 0)
    }
}
