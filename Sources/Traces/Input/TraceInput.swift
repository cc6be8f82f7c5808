import GFP
import SourceText

/// A trace in any form that is read here: text or binary, compressed or not.
public struct TraceInput: ~Copyable {
    /// What the source looks like, for the case that it is not a trace.
    private let look: ForeignForm
    /// The reader of the source's form.
    private var reader: any TraceReader
    /// What distinguishes this trace from others; nil for a pipe, which cannot be read a second time.
    let identity: TraceIdentity?

    /// Opens a trace; `-` is standard input.
    ///
    /// - `kernel`: The kernel that wrote a text, which decides what a numeric mask means; nil: the newest.
    /// - Throws: ``TraceError`` if the source cannot be read, or is a binary trace of another program or version.
    public static func open(_ path: String, kernel: KernelVersion? = nil) throws(TraceError) -> TraceInput {
        let stream: ByteStream
        do {
            stream = try ByteStream(path)
        } catch { throw TraceError(error) }
        return try open(stream, kernel: kernel)
    }

    /// Takes a trace from a stream, whichever form it has.
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
        // Both programs need a file that they can seek in.
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
    /// - Returns: False at the end of the trace, `batch` being empty then.
    public mutating func read(into batch: inout [TraceEvent]) throws(TraceError) -> Bool {
        try reader.read(into: &batch)
    }
}

extension TraceInput {
    /// Why a source in which no event was found is refused.
    var foreign: TraceError { TraceError(source: name, kind: .foreign, message: look.sentence) }

    /// The source's name, as given.
    public var name: String { reader.name }

    /// What the events' details mean so far.
    public var vocabulary: TraceVocabulary { reader.vocabulary }

    /// The number of masks and marks met so far.
    public var vocabularySize: Int { reader.vocabularySize }

    /// What the reader met; of a binary trace only what it keeps.
    public var tally: TraceTally { reader.tally }

    /// Bytes taken from the file so far, and its size where known.
    public var progress: (consumed: Int, size: Int?) { (reader.consumed, reader.size) }

    /// The trace is in the binary form.
    public var isBinary: Bool { type(of: reader).isBinary }

    /// The kernel that wrote the trace, where a binary file says.
    public var kernel: KernelVersion? { reader.kernel }
}

extension TraceInput {
    /// A place in a trace at which reading can continue another time.
    enum Position: Hashable, Sendable {
        case text(TraceTextReader.Position)
        case binary(BinaryTraceReader.Position)

        /// That a place is not of the form that its trace has.
        static func otherForm(_ name: String) -> TraceError {
            TraceError(source: name, kind: .foreign, message: "the place to continue at is of another form of traces")
        }
    }

    /// Where the next batch begins.
    var position: Position { reader.place }

    /// Continues where another reader of the same trace stood.
    mutating func resume(at position: Position) throws(TraceError) { try reader.resume(at: position) }
}
