import PageAllocator

/// A summary of consecutive events that are not kept one by one.
public struct HistoryStretch: Hashable, Sendable {
    /// The numbers of its first and its last event, from 1.
    public var numbers: ClosedRange<Int>
    /// By zone: the smallest number of pages on the free lists after any of its events.
    public var least: [Int]
    /// By zone: the largest number of pages on the free lists after any of its events.
    public var most: [Int]
    /// By zone: the watermarks after its last event.
    public var marks: [ZoneMarks]
    /// By the node's index: whether its reclaim thread was awake after any of its events.
    public var awake: [Bool]
    /// By the node's index: whether its compaction thread woke in any of its events.
    public var compacting: [Bool] = []
    /// What happened in its events.
    public var tally = HistoryTally()

    /// Appends the stretch that follows this one.
    mutating func append(_ later: HistoryStretch) {
        numbers = numbers.lowerBound...later.numbers.upperBound
        for zone in least.indices {
            least[zone] = min(least[zone], later.least[zone])
            most[zone] = max(most[zone], later.most[zone])
        }
        for node in awake.indices where later.awake[node] { awake[node] = true }
        for node in compacting.indices where later.compacting[node] { compacting[node] = true }
        marks = later.marks
        tally.add(later.tally)
    }
}

/// How many events had something remarkable: each counts once, by its gravest part.
public struct HistoryTally: Hashable, Sendable {
    /// A block of another type was used.
    public var fallbacks = 0
    /// A pageblock changed its type.
    public var steals = 0
    /// A request reclaimed directly.
    public var stalls = 0
    /// A zone was compacted.
    public var compactions = 0
    /// A request was refused.
    public var refusals = 0
    /// Killing a process was considered.
    public var kills = 0

    /// All zero.
    public init() {}

    /// Remarkable things in events, in order of rising gravity.
    public enum Notice: CaseIterable, Hashable, Sendable {
        case fallback, steal, compaction, stall, refusal, kill
    }

    /// The gravest of what was counted; nil: there is nothing.
    public var gravest: Notice? {
        Notice.allCases.last { self[$0] > 0 }
    }

    /// The count of a kind.
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

    /// The gravest part of an event, by the same rules as `noticeOf` in the page's script.
    ///
    /// - Parameters:
    ///   - event: The event.
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
            case .reclaimed, .lists, .perCPU, .walk, .judged, .passedOver, .kswapd, .kswapdSlept, .kcompactd,
                .kcompactdSlept, .boosted:
                continue
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
    /// Whether a process was killed, was still dying, or the kernel would have panicked for lack of one.
    public var concernsKilling: Bool {
        switch verdict {
        case .notTried: false
        case .killed, .stillDying, .panic: true
        }
    }
}
