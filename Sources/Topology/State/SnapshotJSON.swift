import BuddyEngine
import SourceText

/// The JSON form of a ``Snapshot``: its name, its limits, and the plain numbers that reader and writer share.
package enum SnapshotJSON {
    /// The value of the member `format`; the number changes if old readers would misread the form.
    static let format = "numazones-snapshot/1"

    /// The range of a count of pages, a page frame or a setting: far beyond any machine, and far from overflow.
    static let numbers = 0...(1 << 52)
    /// The range of a counter that may be negative for a moment.
    static let signed = -(1 << 52)...(1 << 52)
    /// Small numbers, such as list indices and factors.
    static let small = 0...1_000_000

    /// A member that is a number: its name, its place in the value, its range.
    struct Field<Owner>: Sendable {
        var name: String
        var path: WritableKeyPath<Owner, Int> & Sendable
        var range: ClosedRange<Int>

        init(_ name: String, _ path: WritableKeyPath<Owner, Int> & Sendable, _ range: ClosedRange<Int> = numbers) {
            self.name = name
            self.path = path
            self.range = range
        }
    }

    /// The members whose lists grow as memory is scattered.
    package static let longLists: Set<String> = ["runs", "pages", "pageblocks"]

    static let marks: [Field<WatermarkValues>] = [
        Field("min", \.min), Field("low", \.low), Field("high", \.high), Field("boost", \.boost),
    ]

    static let exact: [Field<ExactZoneState>] = [
        Field("freePagesCounter", \.freePagesCounter, signed), Field("freeCMACounter", \.freeCMACounter, signed),
        Field("percpuDriftMark", \.percpuDriftMark), Field("pagesetHighMin", \.pagesetHighMin),
        Field("pagesetHighMax", \.pagesetHighMax), Field("pagesetBatch", \.pagesetBatch, 1...1_000_000),
    ]

    static let numa: [Field<NUMACounters>] = [
        Field("hit", \.hit), Field("miss", \.miss), Field("foreign", \.foreign), Field("interleave", \.interleave),
        Field("local", \.local), Field("other", \.other),
    ]

    static let perCPU: [Field<PerCPUSnapshot>] = [
        Field("count", \.count), Field("batch", \.batch, 1...1_000_000), Field("expire", \.expire, small),
        Field("high", \.high), Field("highMin", \.highMin), Field("highMax", \.highMax),
        Field("flags", \.flags, 0...255), Field("allocFactor", \.allocFactor, 0...16),
        Field("freeCount", \.freeCount), Field("freeFactor", \.freeFactor, 0...16),
        Field("statThreshold", \.statThreshold, small), Field("diffFreePages", \.diffFreePages, -1_000_000...1_000_000),
        Field("diffFreeCMA", \.diffFreeCMA, -1_000_000...1_000_000),
    ]

    /// Flags of ``ExactZoneState``.
    static var flags: [(name: String, path: WritableKeyPath<ExactZoneState, Bool>)] {
        [
            ("isBoosted", \.isBoosted), ("isReclaimActive", \.isReclaimActive), ("isBelowHigh", \.isBelowHigh),
            ("isContiguous", \.isContiguous),
        ]
    }

    static let uses: [(name: String, use: ExactZoneState.PageUse)] = [
        ("hole", .hole), ("reserved", .reserved), ("managed", .managed), ("foreign", .foreign), ("movable", .movable),
    ]
}
