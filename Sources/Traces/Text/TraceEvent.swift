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
        /// `mm_page_free_batched`: follows the ``free`` of the same page; not a second one.
        case batchedFree = 3
        /// `mm_page_alloc_zone_locked`: a block left a free list, mostly for a CPU's list.
        case taken = 4
        /// `mm_page_pcpu_drain`: a CPU's page went back to the free lists.
        case drain = 5
        /// `mm_page_alloc_extfrag`: a block of another type was used.
        case fallback = 6
        /// A line written to `trace_marker`.
        case mark = 7
        /// The tracer says that it lost events.
        case loss = 8
    }

    /// In nanoseconds of the trace's clock; 0 where the text has none.
    public var time: UInt64
    /// The page frame number; where ``hasFrame`` is false something else that distinguishes blocks.
    public var frame: UInt64
    public var cpu: UInt32
    /// The task that ran, by its thread ID; 0: idle or not known. An interrupt carries the ID of whomever it interrupted.
    public var task: UInt32
    /// For a request the place of its mask in ``TraceVocabulary/masks``, for a mark that of its text in
    /// ``TraceVocabulary/marks``, for a loss how many events, for a fallback ``fallbackOrder`` and
    /// ``fallbackMigratetype``.
    public var detail: UInt32
    public var kind: Kind
    public var order: UInt8
    /// The kernel's number of the type; ``unknownMigratetype`` where the event has none.
    public var migratetype: UInt8
    /// The trace gives page frame numbers. Some tracers print only the address of the page's `struct page`.
    public var hasFrame: Bool

    @inlinable
    public static var unknownMigratetype: UInt8 { 255 }

    /// The largest order that is believed.
    @inlinable
    public static var largestOrder: UInt8 { 13 }

    /// One more than the highest CPU that is believed. No kernel is built for that many.
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

    /// Of a ``Kind/fallback``: the order of the block found.
    @inlinable
    public var fallbackOrder: UInt8 { UInt8(truncatingIfNeeded: detail) }

    /// Of a ``Kind/fallback``: the kernel's number of the type that the block was taken from.
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
        /// As printed.
        public var text: String
        /// In the flags of kernels since 4.4, see `GFPLayout.modernized(_:)`.
        public var flags: GFPFlags
        /// Words of the text that no known kernel has, joined by `|`; empty if all were understood.
        public var unknown: String

        public init(text: String, flags: GFPFlags, unknown: String = "") {
            self.text = text
            self.flags = flags
            self.unknown = unknown
        }
    }

    public init() {}
}
