import BuddyEngine
import GFP

/// One event of the page allocator in a trace.
@frozen
public struct TraceEvent: BitwiseCopyable, Hashable, Sendable {
    /// What happened. Numbered as in the binary form.
    public enum Kind: UInt8, BitwiseCopyable, CaseIterable, Hashable, Sendable {
        /// `mm_page_alloc`: a request was served.
        case allocation = 0
        /// `mm_page_alloc` without a page: a request was refused.
        case refusal = 1
        /// `mm_page_free`, before 3.3 `mm_page_free_direct`. It comes before the page reaches any list.
        case free = 2
        /// `mm_page_free_batched`: follows the ``free`` of the same page, and is not a second one.
        case batchedFree = 3
        /// `mm_page_alloc_zone_locked`: a block left a free list, usually for a CPU's list.
        case taken = 4
        /// `mm_page_pcpu_drain`: a CPU's page was returned to the free lists.
        case drain = 5
        /// `mm_page_alloc_extfrag`: a block of another type was used.
        case fallback = 6
        /// A line written to `trace_marker`.
        case mark = 7
        /// The tracer reports that events were lost.
        case loss = 8
    }

    /// In nanoseconds of the trace's clock; 0 if the text has none.
    public var time: UInt64
    /// The page frame number; if ``hasFrame`` is false, another number that distinguishes blocks.
    public var frame: UInt64
    /// The CPU on which it happened.
    public var cpu: UInt32
    /// The thread ID of the task that ran; 0: idle or unknown. An interrupt has the ID of the task that it interrupted.
    public var task: UInt32
    /// For a request, the index of its mask in ``TraceVocabulary/masks``; for a mark, that of its text in
    /// ``TraceVocabulary/marks``; for a loss, how many events; for a fallback, ``fallbackOrder`` and
    /// ``fallbackMigratetype``.
    public var detail: UInt32
    /// What happened.
    public var kind: Kind
    /// The order of the block.
    public var order: UInt8
    /// The kernel's number of the type; ``unknownMigratetype`` if the event has none.
    public var migratetype: UInt8
    /// Whether the trace has page frame numbers. Some tracers print only the address of the page's `struct page`.
    public var hasFrame: Bool

    /// The value for an unknown type.
    @inlinable
    public static var unknownMigratetype: UInt8 { 255 }

    /// The largest order that is accepted.
    @inlinable
    public static var largestOrder: UInt8 { 13 }

    /// One more than the highest CPU number that is accepted. No kernel supports as many.
    @inlinable
    public static var cpuLimit: UInt32 { 1 << 17 }

    @inlinable
    public init(
        _ kind: Kind, frame: UInt64 = 0, order: UInt8 = 0, cpu: UInt32 = 0, time: UInt64 = 0, task: UInt32 = 0,
        migratetype: UInt8 = TraceEvent.unknownMigratetype, detail: UInt32 = 0, hasFrame: Bool = true
    ) {
        self.kind = kind
        self.frame = frame
        self.order = order
        self.cpu = cpu
        self.time = time
        self.task = task
        self.migratetype = migratetype
        self.detail = detail
        self.hasFrame = hasFrame
    }

    /// For a ``Kind/fallback``: the order of the block found.
    @inlinable
    public var fallbackOrder: UInt8 { UInt8(truncatingIfNeeded: detail) }

    /// For a ``Kind/fallback``: the kernel's number of the type that the block was taken from.
    @inlinable
    public var fallbackMigratetype: UInt8 { UInt8(truncatingIfNeeded: detail &>> 8) }
}

/// What the numbers in ``TraceEvent/detail`` stand for.
public struct TraceVocabulary: Hashable, Sendable {
    /// Masks of requests, each once, in order of appearance.
    public var masks: [Mask] = []
    /// Texts of marks, each once, in order of appearance.
    public var marks: [String] = []

    /// A request's mask.
    public struct Mask: Hashable, Sendable {
        /// The mask as printed.
        public var text: String
        /// The mask in the flags of kernels since 4.4, see `GFPLayout.modernized(_:)`.
        public var flags: GFPFlags
        /// Words of the text that no known kernel has, joined by `|`; empty if all are known.
        public var unknown: String

        public init(text: String, flags: GFPFlags, unknown: String = "") {
            self.text = text
            self.flags = flags
            self.unknown = unknown
        }
    }

    public init() {}
}
