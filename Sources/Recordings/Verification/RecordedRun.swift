import BuddyEngine
import GFP
import PageAllocator
import Topology

/// A recording's requests and frees, made under any rules on the machine that it began with, whatever the kernel's
/// results: for comparing how two kernels serve the same requests.
public struct RecordedRun: Hashable, Sendable {
    /// The recording's name.
    public var name: String
    /// The rules under which they were made.
    public var rules: RulesInForce
    /// How many requests were made.
    public var requests = 0
    /// How many were refused.
    public var refused = 0
    /// How many got the recorded page frame, or were refused as recorded.
    public var asRecorded = 0
    /// How many walks over zonelists there were.
    public var walks = 0
    /// How many requests were served with another migratetype's blocks.
    public var fallbacks = 0
    /// How often kswapd was called.
    public var kswapdCalls = 0
    /// How many blocks per-CPU lists returned.
    public var drained = 0
    /// How many requests were served, by index of ``zones``.
    public var servedByZone: [Int]
    /// The machine's zones.
    public var zones: [ZoneReference]

    /// Makes the requests.
    ///
    /// - Parameters:
    ///   - recording: The requests.
    ///   - profile: The rules; nil: those of the recording's kernel.
    /// - Throws: `MachineError` if no allocator can be in the recorded state.
    public init(of recording: Recording, under profile: KernelProfile? = nil) throws(MachineError) {
        var player = try RecordedRunPlayer(recording, under: profile)
        for operation in recording.operations { player.perform(operation) }
        self = player.run
    }

    init(_ recording: Recording, on machine: borrowing Machine) {
        name = recording.name
        rules = machine.rules
        zones = (0..<machine.zoneCount).map { machine.withZone($0) { $0.reference } }
        servedByZone = zones.map { _ in 0 }
    }

    /// How many requests were served.
    public var served: Int { requests - refused }

    /// The figures of two runs of the same recording side by side.
    public func figures(comparedWith other: RecordedRun) -> [ComparedFigure] {
        let all: [(String, (RecordedRun) -> Int)] = [
            ("requests served", \.served), ("failures", \.refused), ("answers as recorded", \.asRecorded),
            ("walks over a zonelist", \.walks), ("fallbacks to another mobility type", \.fallbacks),
            ("calls of kswapd", \.kswapdCalls), ("blocks given back by per-CPU lists", \.drained),
        ]
        return all.map { ComparedFigure($0.0, $0.1(self), $0.1(other)) }
            + zones.indices.map {
                ComparedFigure(
                    "served by node \(zones[$0].node) \(zones[$0].kind)", servedByZone[$0], other.servedByZone[$0])
            }
    }
}

/// A machine that goes through a recording.
private struct RecordedRunPlayer: ~Copyable {
    var run: RecordedRun
    private let recording: Recording
    private var machine: Machine
    private var observer = RecordedRunObserver()
    private var task: AllocationRequest.TaskState = []
    /// By the ID of each block in use: the recorded block, and the block here.
    private var blocks: [Int: (recorded: PageFrame, own: PageFrame)] = [:]

    init(_ recording: Recording, under profile: KernelProfile?) throws(MachineError) {
        machine = try Machine.restoring(recording.before, profile: profile)
        // It is known which blocks are in use.
        machine.checksFrees = false
        self.recording = recording
        run = RecordedRun(recording, on: machine)
    }

    mutating func perform(_ operation: RecordedOperation) {
        switch operation.action {
        case .skip, .freeNothing, .split, .dump: break
        case .allocate:
            let frame = machine.allocate(request(operation), observing: &observer)
            note(frame, recorded: operation.frame, id: operation.id)
        case .bulk(let count, let frames):
            var own: [PageFrame] = []
            machine.allocateBulk(request(operation), count: count, into: &own, observing: &observer)
            let recorded = recording.bulkFrames[frames]
            for (offset, frame) in own.enumerated() {
                let frameThen = offset < recorded.count ? recorded[recorded.startIndex + offset] : nil
                note(frame, recorded: frameThen, id: operation.id + offset)
            }
        case .free, .freePart:
            guard let recorded = operation.frame, let frame = take(recorded, of: operation) else { break }
            machine.free(frame, order: operation.order, cpu: operation.cpu, observing: &observer)
        case .drain: machine.drain(cpu: operation.cpu, observing: &observer)
        case .task(let state): task = state
        case .reclaimActive(let zone, let isActive): machine.setReclaimActive(isActive, zone)
        }
        run.walks = observer.walks
        run.fallbacks = observer.fallbacks
        run.kswapdCalls = observer.kswapdCalls
        run.drained = observer.drained
    }

    private func request(_ operation: RecordedOperation) -> AllocationRequest {
        AllocationRequest(
            operation.gfp, order: operation.order, cpu: operation.cpu, node: operation.node,
            nodemask: operation.nodemask.map { recording.nodemasks[$0] }, task: task)
    }

    private mutating func note(_ frame: PageFrame?, recorded: PageFrame?, id: Int) {
        run.requests += 1
        if frame == recorded { run.asRecorded += 1 }
        guard let frame else { return run.refused += 1 }
        if let zone = machine.zonePosition(of: frame) { run.servedByZone[zone] += 1 }
        // A request that was refused in the recording is never freed there, since it has no page frame.
        if let recorded { blocks[id] = (recorded, frame) }
    }

    /// The page frame here of a recorded block, or of a page of one that was split; nil if the request was refused
    /// here.
    private mutating func take(_ recorded: PageFrame, of operation: RecordedOperation) -> PageFrame? {
        guard let block = blocks[operation.id] else { return nil }
        if operation.action == .free { blocks[operation.id] = nil }
        return block.own + (recorded - block.recorded)
    }
}

private struct RecordedRunObserver: AllocationObserver {
    static var wantsLooks: Bool { false }

    var walks = 0
    var fallbacks = 0
    var kswapdCalls = 0
    var drained = 0

    mutating func tookBlock(_ frame: PageFrame, order: Order, type: Migratetype) {}
    mutating func fellBack(_ fallback: FallbackEvent) { fallbacks += 1 }
    mutating func drained(_ frame: PageFrame, order: Order, type: Migratetype) { drained += 1 }
    mutating func beganWalk(_ flags: AllocFlags) { walks += 1 }
    mutating func restartedWalk(_ flags: AllocFlags) {}
    mutating func judged(_ look: ZoneLook) {}
    mutating func passedOver(_ zone: ZoneReference, because reason: PassOverReason) {}
    mutating func wokeKswapd(_ wake: KswapdWake) { kswapdCalls += 1 }
    mutating func reclaimed(_ call: ReclaimCall, freed pages: Int) {}
}
