import BuddyEngine
import GFP
import SourceText

/// The binary form of a trace: see `Documentation/Formats/TraceFormat.md`.
public enum BinaryTrace {
    /// The first eight bytes. A transfer that changes line ends or drops the eighth bit visibly damages them.
    public static let magic: [UInt8] = [0x89, 0x4E, 0x5A, 0x54, 0x0D, 0x0A, 0x1A, 0x0A]
    /// The version that is written.
    public static let version: UInt16 = 2
    static let file = BlockFile(
        magic: magic, version: version, oldestVersion: 1, what: "a binary trace",
        remedy: "Convert the text again with 'numazones replay --convert'")
    /// How many words a block of events has: as many as a processor's second-level cache holds besides everything else.
    static let wordsPerBlock = 1 << 14
    /// A time is written once this many nanoseconds have passed since the last one.
    static let timeGrain: UInt64 = 100_000

    enum BlockKind: UInt8 {
        /// Words of eight bytes each, as in version 1.
        case events = 0x45
        /// Words in the form of ``WordCoding``.
        case codedEvents = 0x43
        case masks = 0x4D
        case marks = 0x4B
        case end = 0x5A
    }

    /// How the bytes of a block are stored.
    public enum Packing: UInt8, Sendable {
        /// Uncompressed: larger, but faster to read.
        case stored = 0
        /// zlib.
        case compressed = 1

        var blockPacking: BlockFile.Packing { self == .stored ? .stored : .compressed }
    }

    /// Codes of words that are not events.
    enum Code {
        static let time: UInt64 = 9
        static let task: UInt64 = 10
        /// The high bits of the next event.
        static let extended: UInt64 = 11
        /// The same, for an event without page frame number.
        static let extendedWithoutFrame: UInt64 = 12
    }

    static let frameBits: UInt64 = 36
    static let cpuBits: UInt64 = 12

    // MARK: An event's words

    /// The field of a word for ``TraceEvent/detail`` and ``TraceEvent/migratetype``, as one number.
    @inline(__always)
    static func field(of event: borrowing TraceEvent) -> UInt32 {
        switch event.kind {
        case .allocation, .refusal, .mark: event.detail
        case .free, .batchedFree, .loss: 0
        case .drain: type(event.migratetype)
        case .taken: type(event.migratetype) | min(event.detail, 2) << 4
        case .fallback:
            type(event.migratetype) | type(event.fallbackMigratetype) << 4 | UInt32(event.fallbackOrder) << 8
        }
    }

    @inline(__always)
    private static func type(_ number: UInt8) -> UInt32 { UInt32(min(number, 15)) }

    @inline(__always)
    private static func migratetype(_ field: UInt32) -> UInt8 {
        let number = UInt8(truncatingIfNeeded: field & 15)
        return number == 15 ? TraceEvent.unknownMigratetype : number
    }

    /// The inverse of ``field(of:)``.
    @inline(__always)
    static func apply(_ field: UInt32, to event: inout TraceEvent) {
        switch event.kind {
        case .allocation, .refusal, .mark: event.detail = field
        case .free, .batchedFree: break
        case .loss:
            event.detail = UInt32(clamping: event.frame)
            event.frame = 0
        case .drain: event.migratetype = migratetype(field)
        case .taken:
            event.migratetype = migratetype(field)
            event.detail = field >> 4 & 3
        case .fallback:
            event.migratetype = migratetype(field)
            event.detail = (field >> 8 & 255) | UInt32(migratetype(field >> 4)) << 8
        }
    }
}
