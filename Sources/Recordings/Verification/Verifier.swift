import BuddyEngine
import GFP
import PageAllocator
import Topology

/// Replays a recording on a machine restored from its first state, and compares everything that the recording has:
/// results, events, intermediate states and the final state.
public struct Verifier: ~Copyable {
    /// The recording.
    public let recording: Recording
    private var machine: Machine
    private var collector: EventCollector
    private var held: HeldBlocks
    private var task: AllocationRequest.TaskState = []
    private var bulk: [PageFrame] = []
    private let zoneNames: [String]

    /// - Parameters:
    ///   - recording: The recording.
    ///   - profile: The rules; nil: those of the recording's kernel.
    /// - Throws: `MachineError` if no allocator can be in the recorded state.
    public init(_ recording: Recording, under profile: KernelProfile? = nil) throws(MachineError) {
        machine = try Machine.restoring(recording.before, profile: profile)
        machine.checksFrees = false
        self.recording = recording
        collector = EventCollector(
            kinds: machine.zoneKinds, hugePageOrder: recording.before.topology.hugePageOrder,
            profile: machine.profile)
        held = HeldBlocks()
        zoneNames = machine.zoneKinds.map(\.kernelName)
    }

    /// Replays a whole recording.
    ///
    /// - Parameters:
    ///   - recording: The recording.
    ///   - profile: The rules; nil: those of the recording's kernel, for which there must be a verified profile.
    ///   - checksInvariants: Check every zone's structures after each operation, which is slow.
    public static func verify(
        _ recording: Recording, under profile: KernelProfile? = nil, checksInvariants: Bool = false
    ) -> VerificationResult {
        let rules = RulesInForce(profile ?? KernelProfile(nearest: recording.version), of: recording.version)
        var result = VerificationResult(
            name: recording.name, kernel: recording.kernel, rules: rules, outcome: .exact, operations: 0,
            total: recording.operations.count, seconds: 0)
        guard recording.mode == .stopped else {
            result.outcome = .skipped("recorded live: other tasks ran too, so only outcomes can be compared")
            return result
        }
        guard profile != nil || rules.standing == .own else {
            result.outcome = .withoutProfile(recording.version)
            return result
        }
        do {
            var verifier = try Verifier(recording, under: profile)
            let clock = ContinuousClock()
            let begin = clock.now
            if let difference = verifier.replay(checksInvariants: checksInvariants) {
                result.outcome = .differs(difference)
                result.operations = difference.operation
            } else {
                result.operations = recording.operations.count
            }
            result.seconds = (clock.now - begin).inSeconds - verifier.secondsComparing
        } catch {
            result.outcome = .differs(
                .init(operation: 0, what: "restoring the first state", expected: "a machine", got: error.description))
        }
        return result
    }

    /// Calls `body` with the machine as it was before the request in which a replay first differs, and with that
    /// request; nil if the difference is not in a request.
    public static func beforeDifference<Answer>(
        of result: VerificationResult, in recording: Recording, under profile: KernelProfile? = nil,
        _ body: (inout Machine, AllocationRequest) -> Answer
    ) -> Answer? {
        guard case .differs(let difference) = result.outcome,
            recording.operations.indices.contains(difference.operation),
            recording.operations[difference.operation].action == .allocate,
            var verifier = try? Verifier(recording, under: profile)
        else { return nil }
        for index in 0..<difference.operation { _ = verifier.perform(recording.operations[index], index) }
        return body(&verifier.machine, verifier.request(recording.operations[difference.operation]))
    }

    /// How long comparing intermediate states took, which does not count for operations.
    private var secondsComparing = 0.0

    private mutating func replay(checksInvariants: Bool) -> VerificationResult.Difference? {
        // Through a span, an operation is passed in place, not copied.
        let all = recording.operations
        let operations = all.span
        var checked: [Machine.CheckedZone] = []
        for index in operations.indices {
            if let difference = perform(operations[index], index) { return difference }
            if checksInvariants {
                do {
                    try machine.checkInvariants(since: &checked)
                } catch {
                    return .init(
                        operation: index, what: describe(index), expected: "a sound state", got: error.description)
                }
            }
        }
        return compare(with: recording.after, at: recording.operations.count, what: "the state at the end")
    }

    /// Performs one operation; nil if its result and events are as recorded.
    private mutating func perform(_ operation: RecordedOperation, _ index: Int) -> VerificationResult.Difference? {
        collector.clear(for: machine.mobility(of: operation.gfp))
        switch operation.action {
        case .skip, .freeNothing: return nil
        case .allocate:
            let frame = machine.allocate(request(operation), observing: &collector)
            if let frame { held[operation.id] = frame }
            if frame != operation.frame
                || collector.firstFlags != operation.allocFlags && operation.order <= machine.maximumOrder
                || differsInZone(operation, frame)
            {
                return answerDifference(index, frame)
            }
            return eventDifference(operation, index, succeeded: frame != nil)
        case .free:
            guard let frame = operation.frame else { return nil }
            guard held[operation.id] == frame else { return notHeld(index, frame) }
            held[operation.id] = nil
            machine.free(frame, order: operation.order, cpu: operation.cpu, observing: &collector)
        case .split: return nil
        case .freePart:
            guard let frame = operation.frame else { return nil }
            machine.free(frame, order: 0, cpu: operation.cpu, observing: &collector)
        case .bulk(let count, let frames):
            bulk.removeAll(keepingCapacity: true)
            machine.allocateBulk(request(operation), count: count, into: &bulk, observing: &collector)
            for (offset, frame) in bulk.enumerated() { held[operation.id + offset] = frame }
            if bulk[...] != recording.bulkFrames[frames] { return bulkDifference(index, frames) }
            return eventDifference(operation, index, succeeded: false)
        case .drain: machine.drain(cpu: operation.cpu, observing: &collector)
        case .task(let state): task = state
        case .reclaimActive(let zone, let isActive): machine.setReclaimActive(isActive, zone)
        case .dump(let position):
            let name = recording.dumpNames[position]
            guard let state = recording.middle[name] else { return nil }
            return compare(with: state, at: index, what: "the state \"\(name)\"")
        }
        return eventDifference(operation, index, succeeded: false)
    }

    private func request(_ operation: RecordedOperation) -> AllocationRequest {
        AllocationRequest(
            operation.gfp, order: operation.order, cpu: operation.cpu, node: operation.node,
            nodemask: operation.nodemask.map { recording.nodemasks[$0] }, task: task)
    }

    private func differsInZone(_ operation: RecordedOperation, _ frame: PageFrame?) -> Bool {
        guard let frame, let zone = operation.servedBy else { return false }
        return machine.zone(of: frame) != zone
    }

    private mutating func compare(
        with state: Snapshot, at index: Int, what: String
    ) -> VerificationResult.Difference? {
        let clock = ContinuousClock()
        let begin = clock.now
        defer { secondsComparing += (clock.now - begin).inSeconds }
        guard let first = StateComparison.firstDifference(machine.snapshot(), recorded: state) else { return nil }
        return .init(operation: index, what: "\(what), \(first.place)", expected: first.expected, got: first.got)
    }

    // MARK: Differences in words

    @inline(__always)
    private func eventDifference(
        _ operation: RecordedOperation, _ index: Int, succeeded: Bool
    ) -> VerificationResult.Difference? {
        let isAsRecorded = recording.eventWords.withUnsafeBufferPointer {
            collector.hasJust($0[operation.events], succeeded: succeeded)
        }
        return isAsRecorded ? nil : eventDifference(index, succeeded: succeeded)
    }

    @inline(never)
    private func eventDifference(_ index: Int, succeeded: Bool) -> VerificationResult.Difference? {
        let expected = recording.eventWords[recording.operations[index].events]
        let got = collector.words(succeeded: succeeded)[...]
        let expectedLines = EventWords.describe(expected, zoneNames: zoneNames)
        let gotLines = EventWords.describe(got, zoneNames: zoneNames)
        let first = zip(expectedLines, gotLines).prefix { $0 == $1 }.count
        return .init(
            operation: index, what: "\(describe(index)), event \(first + 1)",
            expected: first < expectedLines.count ? expectedLines[first] : "no more events",
            got: first < gotLines.count ? gotLines[first] : "no more events")
    }

    private func answerDifference(_ index: Int, _ frame: PageFrame?) -> VerificationResult.Difference {
        let operation = recording.operations[index]
        func text(_ frame: PageFrame?, _ zone: ZoneReference?, _ flags: AllocFlags) -> String {
            guard let frame else { return "refused, first walk with \(flags)" }
            return "page frame \(frame)" + (zone.map { " of node \($0.node) zone \($0.kind)" } ?? "")
                + ", first walk with \(flags)"
        }
        return .init(
            operation: index, what: describe(index),
            expected: text(operation.frame, operation.servedBy, operation.allocFlags),
            got: text(frame, frame.flatMap { machine.zone(of: $0) }, collector.firstFlags))
    }

    private func bulkDifference(_ index: Int, _ frames: Range<Int>) -> VerificationResult.Difference {
        let expected = recording.bulkFrames[frames]
        let same = zip(expected, bulk).prefix { $0 == $1 }.count
        func text(_ frames: [PageFrame]) -> String {
            "\(frames.count) pages, number \(same) " + (same < frames.count ? "page frame \(frames[same])" : "none")
        }
        return .init(operation: index, what: describe(index), expected: text(Array(expected)), got: text(bulk))
    }

    private func notHeld(_ index: Int, _ frame: PageFrame) -> VerificationResult.Difference {
        .init(
            operation: index, what: describe(index), expected: "page frame \(frame) held under this ID",
            got: held[recording.operations[index].id].map { "page frame \($0)" } ?? "nothing")
    }

    /// What an operation does, in words.
    public func describe(_ index: Int) -> String {
        let operation = recording.operations[index]
        let node = operation.node.map { " node \($0)" } ?? ""
        switch operation.action {
        case .allocate, .skip: return "order-\(operation.order) request \(operation.gfp)\(node)"
        case .bulk(let count, _): return "bulk request of \(count) pages \(operation.gfp)\(node)"
        case .free, .freeNothing, .freePart:
            return "free of " + (operation.frame.map { "page frame \($0), order \(operation.order)" } ?? "nothing")
        case .split: return "split"
        case .drain: return "drain of CPU \(operation.cpu)"
        case .dump(let name): return "dump \(recording.dumpNames[name])"
        case .task(let state): return "task flags \(state.rawValue)"
        case .reclaimActive(let zone, let isActive):
            return "reclaim in node \(zone.node) zone \(zone.kind) \(isActive ? "begins" : "ends")"
        }
    }
}

/// The blocks that a recording's IDs stand for, as a table, since IDs are small numbers.
struct HeldBlocks {
    /// ``nothing`` for an ID without a block.
    private var frames: [UInt64] = []
    private static let nothing = UInt64.max

    subscript(id: Int) -> PageFrame? {
        get {
            guard id >= 0, id < frames.count, frames[id] != Self.nothing else { return nil }
            return PageFrame(rawValue: frames[id])
        }
        set {
            guard id >= 0 else { return }
            if id >= frames.count {
                guard newValue != nil, id < 1 << 26 else { return }
                frames.append(contentsOf: repeatElement(Self.nothing, count: max(id + 1 - frames.count, frames.count)))
            }
            frames[id] = newValue?.rawValue ?? Self.nothing
        }
    }
}
