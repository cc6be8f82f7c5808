import GFP
import SourceText

/// A trace in any form that is read here: text or binary, compressed or not.
public struct TraceInput: ~Copyable {
    /// Readers cannot be copied, and an optional of such a thing cannot be looked into: hence the boxes.
    private final class Box<Reader: ~Copyable> {
        var reader: Reader

        init(_ reader: consuming Reader) { self.reader = reader }
    }

    /// What the source looks like, for the case that it is not a trace.
    private let look: ForeignForm
    private let text: Box<TraceTextReader>?
    private let binary: Box<BinaryTraceReader>?
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
        return TraceInput(
            look: ForeignForm(head), text: Box(TraceTextReader(stream, kernel: kernel)), binary: nil, identity: identity
        )
    }

    private static func open(
        binary stream: consuming ByteStream, _ identity: TraceIdentity?
    ) throws(TraceError) -> TraceInput {
        TraceInput(
            look: .trace, text: nil, binary: Box(try BinaryTraceReader.open(stream)), identity: identity)
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
        do {
            if let more = try text?.reader.read(into: &batch) { return more }
        } catch { throw TraceError(error) }
        return try binary?.reader.read(into: &batch) ?? false
    }
}

extension TraceInput {
    /// Why a source in which no event was found is refused.
    var foreign: TraceError { TraceError(source: name, kind: .foreign, message: look.sentence) }

    /// The source's name, as given.
    public var name: String {
        text?.reader.name ?? binary?.reader.name ?? ""
    }

    /// What the events' details mean so far.
    public var vocabulary: TraceVocabulary {
        text?.reader.vocabulary ?? binary?.reader.vocabulary ?? TraceVocabulary()
    }

    /// The number of masks and marks met so far.
    public var vocabularySize: Int {
        text?.reader.vocabularySize ?? binary?.reader.vocabularySize ?? 0
    }

    /// What the reader met; of a binary trace only what it keeps.
    public var tally: TraceTally {
        if let tally = text?.reader.tally { return tally }
        var tally = TraceTally()
        tally.lostEvents = binary?.reader.lostEvents ?? 0
        return tally
    }

    /// Bytes taken from the file so far, and its size where known.
    public var progress: (consumed: Int, size: Int?) {
        (text?.reader.consumed ?? binary?.reader.consumed ?? 0, text?.reader.size ?? binary?.reader.size)
    }

    /// The trace is in the binary form.
    public var isBinary: Bool { text == nil }

    /// The kernel that wrote the trace, where a binary file says.
    public var kernel: KernelVersion? { binary?.reader.kernel }
}

extension TraceInput {
    /// A place in a trace at which reading can continue another time.
    enum Position: Hashable, Sendable {
        case text(TraceTextReader.Position)
        case binary(BinaryTraceReader.Position)
    }

    /// Where the next batch begins.
    var position: Position {
        binary.map { .binary($0.reader.position) } ?? .text(text?.reader.position ?? TraceTextReader.Position())
    }

    /// Continues where another reader of the same trace stood.
    mutating func resume(at position: Position) throws(TraceError) {
        switch position {
        case .binary(let position): try binary?.reader.resume(at: position)
        case .text(let position):
            let isThere: Bool?
            do {
                isThere = try text?.reader.resume(at: position)
            } catch { throw TraceError(error) }
            guard isThere == true else {
                throw TraceError(
                    source: name, offset: position.offset, kind: .truncated, message: "ends before this place")
            }
        }
    }
}
