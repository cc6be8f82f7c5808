import PageAllocator

/// What is left of events that are not kept one by one: some that followed one another, as one.
public struct HistoryStretch: Hashable, Sendable {
    /// The numbers of its first and its last event, from 1.
    public var numbers: ClosedRange<Int>
    /// By zone: the fewest pages on the free lists after any of its events.
    public var least: [Int]
    /// By zone: the most.
    public var most: [Int]
    /// By zone: the watermarks after its last event.
    public var marks: [ZoneMarks]
    /// By the node's place: whether its reclaim thread was awake after any of its events.
    public var awake: [Bool]
    public var tally = HistoryTally()

    /// Takes in one that follows this one.
    mutating func append(_ later: HistoryStretch) {
        numbers = numbers.lowerBound...later.numbers.upperBound
        for zone in least.indices {
            least[zone] = min(least[zone], later.least[zone])
            most[zone] = max(most[zone], later.most[zone])
        }
        for node in awake.indices where later.awake[node] { awake[node] = true }
        marks = later.marks
        tally.add(later.tally)
    }
}

/// How many events had something to notice: each counts once, by the gravest.
public struct HistoryTally: Hashable, Sendable {
    /// A block of another type was used.
    public var fallbacks = 0
    /// A pageblock changed its type.
    public var steals = 0
    /// A request reclaimed on its own time.
    public var stalls = 0
    /// A zone was compacted.
    public var compactions = 0
    /// A request was refused.
    public var refusals = 0
    /// Killing was considered.
    public var kills = 0

    public init() {}

    /// What there is to notice in an event or in a stretch of them, the gravest last.
    public enum Notice: CaseIterable, Hashable, Sendable {
        case fallback, steal, compaction, stall, refusal, kill
    }

    /// The gravest of what was counted; nil: nothing was.
    public var gravest: Notice? {
        Notice.allCases.last { self[$0] > 0 }
    }

    public subscript(notice: Notice) -> Int {
        switch notice {
        case .fallback: fallbacks
        case .steal: steals
        case .stall: stalls
        case .compaction: compactions
        case .refusal: refusals
        case .kill: kills
        }
    }

    /// What stands out in an event, as `noticeOf` of the page's script has it.
    public init(_ event: HistoryEvent) {
        var gravest: WritableKeyPath<HistoryTally, Int>?
        if case .request = event.operation, event.frame == nil { gravest = \.refusals }
        for part in event.parts {
            guard case .event(let event) = part else { continue }
            switch event {
            case .outOfMemory(let event):
                guard event.concernsKilling else { continue }
                kills = 1
                return
            case .compacted: gravest = gravest ?? \.compactions
            case .reclaimed(let call, _) where call.reason != .kswapd: gravest = gravest ?? \.stalls
            case .lists(.retyped): gravest = gravest ?? \.steals
            case .fellBack: gravest = gravest ?? \.fallbacks
            case .reclaimed, .lists, .perCPU, .walk, .judged, .passedOver, .kswapd, .kswapdSlept, .boosted: continue
            }
        }
        if let gravest { self[keyPath: gravest] = 1 }
    }

    mutating func add(_ other: HistoryTally) {
        fallbacks += other.fallbacks
        steals += other.steals
        stalls += other.stalls
        compactions += other.compactions
        refusals += other.refusals
        kills += other.kills
    }
}

extension OutOfMemoryEvent {
    /// Whether there was somebody to kill, or the kernel would have panicked for want of one.
    public var concernsKilling: Bool {
        switch verdict {
        case .notTried: false
        case .killed, .stillDying, .panic: true
        }
    }
}
