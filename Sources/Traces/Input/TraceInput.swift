import GFP
import SourceText

/// A trace in any form that can be read: text or binary, compressed or not.
public struct TraceInput: ~Copyable {
    /// What the source looks like, in case it is not a trace.
    private let look: ForeignForm
    /// The reader of the source's form.
    private var reader: any TraceReader
    /// Identifies the trace; nil for a pipe, which cannot be read a second time.
    let identity: TraceIdentity?

    /// Opens a trace; `-` is standard input.
    ///
    /// - Parameters:
    ///   - path: The trace.
    ///   - kernel: The kernel that wrote a trace in text form, which decides what numeric masks mean; nil: the newest.
    /// - Throws: ``TraceError`` if the source cannot be read, or is a binary trace of another program or version.
    public static func open(_ path: String, kernel: KernelVersion? = nil) throws(TraceError) -> TraceInput {
        let stream: ByteStream
        do {
            stream = try ByteStream(path)
        } catch { throw TraceError(error) }
        return try open(stream, kernel: kernel)
    }

    /// Opens a trace in any form from a stream.
    public static func open(
        _ stream: consuming ByteStream, kernel: KernelVersion? = nil
    ) throws(TraceError) -> TraceInput {
        let beginning: [UInt8]
        var identity: TraceIdentity?
        var head: [UInt8]
        do {
            beginning = try stream.peek(BinaryTrace.magic.count)
            head = beginning
            if let size = stream.size {
                head = try stream.peek(TraceIdentity.head)
                identity = TraceIdentity(size: size, head: head)
            }
        } catch { throw TraceError(error) }
        if beginning == BinaryTrace.magic { return try open(binary: stream, identity) }
        if let foreign = foreignForm(beginning, stream.name) {
            throw TraceError(source: stream.name, kind: .source, message: foreign)
        }
        let reader = TraceReaderBox(TraceTextReader(stream, kernel: kernel))
        return TraceInput(look: ForeignForm(head), reader: reader, identity: identity)
    }

    private static func open(
        binary stream: consuming ByteStream, _ identity: TraceIdentity?
    ) throws(TraceError) -> TraceInput {
        let reader = TraceReaderBox(try BinaryTraceReader.open(stream))
        return TraceInput(look: .trace, reader: reader, identity: identity)
    }

    private static func foreignForm(_ beginning: [UInt8], _ name: String) -> String? {
        // Both programs require a file in which they can seek.
        let isPacked = name.hasSuffix(".gz")
        let file = isPacked ? String(name.dropLast(3)) : name
        let unpack = isPacked ? "unpack it and run" : "run"
        if beginning.starts(with: [0x17, 0x08, 0x44]) {
            return "is trace-cmd's binary file; \(unpack): trace-cmd report \(file) | numazones replay -"
        }
        if beginning == Array("PERFILE2".utf8) {
            return "is perf's binary file; \(unpack): perf script -i \(file) | numazones replay -"
        }
        return nil
    }

    /// Replaces the events in `batch` by the next ones.
    ///
    /// - Returns: False at the end of the trace, with `batch` empty.
    public mutating func read(into batch: inout [TraceEvent]) throws(TraceError) -> Bool {
        try reader.read(into: &batch)
    }
}

extension TraceInput {
    /// Why a source without any event is refused.
    var foreign: TraceError { TraceError(source: name, kind: .foreign, message: look.sentence) }

    /// The source's name, as given.
    public var name: String { reader.name }

    /// The masks and marks read so far, which events' details refer to.
    public var vocabulary: TraceVocabulary { reader.vocabulary }

    /// How many masks and marks have been read.
    public var vocabularySize: Int { reader.vocabularySize }

    /// The reader's statistics; for a binary trace only those that it stores.
    public var tally: TraceTally { reader.tally }

    /// How many bytes of the file have been read, and its size if known.
    public var progress: (consumed: Int, size: Int?) { (reader.consumed, reader.size) }

    /// Whether the trace has the binary form.
    public var isBinary: Bool { type(of: reader).isBinary }

    /// The kernel that wrote the trace, if a binary file says so.
    public var kernel: KernelVersion? { reader.kernel }
}

extension TraceInput {
    /// A place in a trace at which reading can continue later.
    enum Position: Hashable, Sendable {
        case text(TraceTextReader.Position)
        case binary(BinaryTraceReader.Position)

        /// The error for a place in a trace of another form.
        static func otherForm(_ name: String) -> TraceError {
            TraceError(source: name, kind: .foreign, message: "the place to continue at is of another form of traces")
        }
    }

    /// Where the next batch begins.
    var position: Position { reader.place }

    /// Continues at the position of another reader of the same trace.
    mutating func resume(at position: Position) throws(TraceError) { try reader.resume(at: position) }
}
