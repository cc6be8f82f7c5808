import GFP

/// Reads the events of one form of traces, batch by batch, so that the protocol costs time for each batch but not for
/// each event.
protocol TraceReader: ~Copyable {
    /// Whether this is the binary form.
    static var isBinary: Bool { get }

    /// The source's name, as given.
    var name: String { get }
    /// How many bytes of the file have been read, before decompression.
    var consumed: Int { get }
    /// The file's size in bytes; nil if unknown, as for a pipe.
    var size: Int? { get }
    /// The kernel that wrote the trace; nil if the form does not say.
    var kernel: KernelVersion? { get }
    /// The masks and marks read so far, which events' details refer to. It only ever grows.
    var vocabulary: TraceVocabulary { get }
    /// How many masks and marks have been read: a change means that ``vocabulary`` has grown.
    var vocabularySize: Int { get }
    /// Statistics about everything except events.
    var tally: TraceTally { get }
    /// Where the next batch begins.
    var place: TraceInput.Position { get }

    /// Replaces the events in `batch` by the next ones; false at the end of the trace, with `batch` empty.
    mutating func read(into batch: inout [TraceEvent]) throws(TraceError) -> Bool

    /// Continues at the position of another reader of the same trace. Must be called before the first batch is read.
    mutating func resume(at place: TraceInput.Position) throws(TraceError)
}

/// A reader behind a reference: Swift 6.3 allows an existential of a noncopyable type to be changed, but not read.
final class TraceReaderBox<Reader: TraceReader & ~Copyable>: TraceReader {
    private var reader: Reader

    init(_ reader: consuming Reader) { self.reader = reader }

    static var isBinary: Bool { Reader.isBinary }
    var name: String { reader.name }
    var consumed: Int { reader.consumed }
    var size: Int? { reader.size }
    var kernel: KernelVersion? { reader.kernel }
    var vocabulary: TraceVocabulary { reader.vocabulary }
    var vocabularySize: Int { reader.vocabularySize }
    var tally: TraceTally { reader.tally }
    var place: TraceInput.Position { reader.place }

    func read(into batch: inout [TraceEvent]) throws(TraceError) -> Bool { try reader.read(into: &batch) }

    func resume(at place: TraceInput.Position) throws(TraceError) { try reader.resume(at: place) }
}
