import BuddyEngine
import GFP
import History
import PageAllocator
import Topology

/// Plays a trace's requests and frees on a machine.
///
/// Pass it batches of events with ``play(_:vocabulary:)``; ``result`` is valid after each of them. Events that do not
/// fit (frees of pages older than the trace, lost events, requests twice) are counted and never fatal.
public struct Replay: ~Copyable {
    /// The machine in its current state.
    public internal(set) var machine: Machine
    /// The result so far.
    public internal(set) var result: ReplayResult
    /// How the trace is replayed.
    public let options: ReplayOptions

    let start: MachineStart
    let profile: KernelProfile?
    let policy: (any AllocatorPolicy)?
    /// The task that makes all requests, if one is given.
    private var task: TaskPlacement
    /// Whether requests do not take the fast path, because a task makes them or they are recorded.
    let isPlaced: Bool
    /// In free replay: the pages that reclaim can free.
    private(set) var reclaim: ReplayReclaimHook?
    private(set) var recorder: HistoryRecorder?
    var observer = ReplayObserver()
    /// The block here for each traced block in use.
    var table = FrameTable()
    /// By traced CPU: the machine's CPU that is used.
    var cpus: [CPUID] = []
    /// By mask number.
    var masks: [GFPFlags] = []
    var isAfterEnd = false
    /// State that only a lock-step replay has.
    var lockstep = LockstepState()
    var sequence = 0
    // These become the result's arrays with the same names after each batch.
    var eventsByKind = CountTable(count: TraceEvent.Kind.allCases.count)
    var skipped = CountTable(count: ReplayResult.SkipReason.allCases.count)
    var requestsByMask = CountTable(count: 0)
    var requestsByOrder = CountTable(count: Int(TraceEvent.largestOrder) + 1)
    var requestsByCPU = CountTable(count: 0)
    var servedByZone: CountTable

    /// - Parameters:
    ///   - start: The machine to begin with.
    ///   - options: How the trace is replayed.
    ///   - profile: The rules; nil: those of the start's kernel.
    ///   - policy: Replaces some of the profile's rules; nil: none.
    /// - Throws: `MachineError` if no machine can be built from `start`.
    public init(
        on start: MachineStart, options: ReplayOptions = ReplayOptions(), profile: KernelProfile? = nil,
        policy: (any AllocatorPolicy)? = nil
    ) throws(MachineError) {
        self.init(
            try start.replayMachine(profile: profile, policy: policy), start: start, options: options, profile: profile,
            policy: policy)
    }

    /// A replay on a machine that is no longer in the state `start`.
    init(
        _ machine: consuming Machine, start: MachineStart, options: ReplayOptions, profile: KernelProfile?,
        policy: (any AllocatorPolicy)? = nil
    ) {
        self.start = start
        self.profile = profile
        self.policy = policy
        self.options = options
        task = options.placement ?? TaskPlacement()
        isPlaced = options.placement != nil || options.recordsHistory
        result = Self.emptyResult(machine, options)
        servedByZone = CountTable(count: machine.zoneCount)
        self.machine = machine
        beginReclaim()
        beginRecording()
    }

    private mutating func beginRecording() {
        guard options.recordsHistory, options.mode == .free else { return }
        recorder = HistoryRecorder(machine)
        machine.listener = recorder
    }

    private mutating func beginReclaim() {
        guard options.mode == .free, let options = options.reclaim else { return }
        let hook = ReplayReclaimHook(options)
        result.reclaim = hook.addPagesInUse(of: &machine)
        machine.reclaimHook = hook
        reclaim = hook
    }

    private static func emptyResult(_ machine: borrowing Machine, _ options: ReplayOptions) -> ReplayResult {
        ReplayResult(
            mode: options.mode, servedByZone: [Int](repeating: 0, count: machine.zoneCount),
            zones: (0..<machine.zoneCount).map { machine.withZone($0) { $0.reference } },
            fragmentation: FragmentationHistory(order: options.fragmentationOrder))
    }

    /// Plays a batch.
    ///
    /// - Parameters:
    ///   - batch: The events.
    ///   - vocabulary: The masks and marks that they refer to; must be passed again when it has grown.
    public mutating func play(_ batch: [TraceEvent], vocabulary: borrowing TraceVocabulary) {
        learn(vocabulary)
        // A variable, not a member: a request is large, and passing a member together with the machine would copy it.
        var request = AllocationRequest([])
        if options.mode == .lockstep {
            for event in batch where begin(event) { playInLockstep(event) }
        } else {
            for (index, event) in batch.enumerated() {
                if index &+ Self.lookAhead < batch.count { table.prefetch(batch[index &+ Self.lookAhead].frame) }
                if begin(event) { playFreely(event, &request) }
            }
        }
        publish()
    }

    /// How many events ahead the table is prefetched: about as long as memory takes to respond.
    private static let lookAhead = 8

    mutating func publish() {
        result.fallbacks = observer.fallbacks
        result.kswapdCalls = observer.kswapdCalls
        result.kswapdWakes = observer.kswapdWakes
        result.kcompactdWakes = observer.kcompactdWakes
        result.eventsByKind = eventsByKind.counts
        result.skipped = skipped.counts
        result.requestsByMask = requestsByMask.counts
        result.requestsByOrder = requestsByOrder.counts
        result.requestsByCPU = requestsByCPU.counts
        result.servedByZone = servedByZone.counts
        if result.reclaim != nil {
            let counters = machine.counters
            result.reclaim?.stalls = counters.allocStalls.reduce(0, +)
            result.reclaim?.reclaimed = counters.pagesStolenByKswapd + counters.pagesStolenDirectly
            result.reclaim?.swappedOut = counters.pagesSwappedOut
        }
    }

    mutating func learn(_ vocabulary: borrowing TraceVocabulary) {
        if vocabulary.masks.count > masks.count {
            masks = vocabulary.masks.map(\.flags)
            requestsByMask.grow(to: masks.count)
            result.vocabulary.masks = vocabulary.masks
        }
        if vocabulary.marks.count > result.vocabulary.marks.count { result.vocabulary.marks = vocabulary.marks }
    }

    /// Counts an event; false if it is to be skipped.
    @inline(__always)
    private mutating func begin(_ event: TraceEvent) -> Bool {
        eventsByKind.add(Int(event.kind.rawValue))
        if result.fragmentation.isDue(sequence) {
            result.fragmentation.take(machine, event: sequence, time: event.time)
        }
        sequence &+= 1
        if isAfterEnd { skip(.afterEndMark) }
        return !isAfterEnd
    }

    mutating func noteFallback() {
        result.tracedFallbacks += 1
        skip(.listMovement)
    }

    @inline(__always)
    mutating func skip(_ reason: ReplayResult.SkipReason) { skipped.add(reason.rawValue) }

    mutating func mark(_ event: TraceEvent) {
        skip(.notAnEvent)
        let text = result.vocabulary.marks[Int(event.detail)]
        if text == options.startMark {
            restart()
        } else if text == options.endMark {
            isAfterEnd = true
        }
    }

    /// Starts again, because everything so far came before the start state.
    private mutating func restart() {
        guard let fresh = try? start.replayMachine(profile: profile, policy: policy) else { return }
        let vocabulary = result.vocabulary
        result = Self.emptyResult(fresh, options)
        machine = fresh
        result.vocabulary = vocabulary
        skipped.clear()
        skipped.set(ReplayResult.SkipReason.beforeStartMark.rawValue, to: sequence)
        requestsByMask.clear()
        requestsByOrder.clear()
        requestsByCPU.clear()
        servedByZone.clear()
        task = options.placement ?? TaskPlacement()
        observer = ReplayObserver()
        table = FrameTable()
        lockstep = LockstepState()
        beginReclaim()
        beginRecording()
    }

    // MARK: What both ways need

    /// Makes the event's request. The CPU's node is the preferred one, since no trace shows tasks' memory policies.
    @inline(__always)
    mutating func prepare(_ request: inout AllocationRequest, for event: TraceEvent) {
        request.gfp = masks[Int(event.detail)]
        request.order = Order(rawValue: event.order)
        request.cpu = cpu(event.cpu)
    }

    /// Counts a request that was served in the trace.
    @inline(__always)
    mutating func count(_ event: TraceEvent) {
        result.requests &+= 1
        requestsByMask.add(Int(event.detail))
        requestsByOrder.add(Int(event.order))
        requestsByCPU.add(Int(event.cpu))
    }

    @inline(__always)
    mutating func serve(_ request: borrowing AllocationRequest) -> PageFrame? {
        isPlaced ? place(copy request) : machine.allocate(request, observing: &observer)
    }

    @inline(never)
    private mutating func place(_ request: AllocationRequest) -> PageFrame? {
        guard recorder != nil else { return machine.allocate(request, by: &task, observing: &observer) }
        var asking = options.placement == nil ? nil : task
        defer { task = asking ?? task }
        return machine.allocateHeard(request, by: &asking, observing: &observer)
    }

    /// Makes a request that was refused in the trace. A block that it gets here is freed at once, since the trace does
    /// not free it.
    mutating func refuse(_ event: TraceEvent) {
        var request = AllocationRequest([])
        prepare(&request, for: event)
        result.tracedRefusals += 1
        guard let frame = serve(request) else { return }
        result.servedTracedRefusals += 1
        machine.free(frame, order: request.order, cpu: request.cpu)
    }

    /// The block to free for a free that does not match an allocation: of a page without an allocation in the trace, of
    /// one refused here, or of part of a block (`split_page`).
    @inline(never)
    mutating func part(of event: TraceEvent, found: FrameTable.Value) -> FrameTable.Value {
        if found.isBlock, found.order < event.order { return found }
        var head = event.frame
        var block = found
        var order = event.order
        while !block.isBlock, order < TraceEvent.largestOrder {
            order += 1
            head = event.frame & ~(1 << UInt64(order) - 1)
            let above = table[head]
            if above.isBlock, above.order >= order { block = above }
        }
        guard block.isBlock else {
            skip(found == .refused ? .freeOfRefused : .freeWithoutAllocation)
            if found == .refused { table[event.frame] = .none }
            return .none
        }
        let pieces = 1 << (block.order - event.order)
        for piece in 0..<UInt64(pieces) {
            let distance = piece << UInt64(event.order)
            table[head + distance] = FrameTable.Value(frame: block.frame + distance, order: event.order)
        }
        return table[event.frame]
    }

    /// The machine's CPU for a traced one: the same if the machine has it, else always the same other one.
    @inline(__always)
    mutating func cpu(_ traced: UInt32) -> CPUID {
        if Int(traced) >= cpus.count { addCPUs(through: traced) }
        return cpus[Int(traced)]
    }

    @inline(never)
    private mutating func addCPUs(through traced: UInt32) {
        for number in UInt32(cpus.count)...traced {
            let cpu = CPUID(rawValue: number)
            cpus.append(machine.position(of: cpu) != nil ? cpu : machine.cpuIDs[Int(number) % machine.cpuIDs.count])
        }
        requestsByCPU.grow(to: cpus.count)
    }
}
