import GFP

/// Reads the events of one form of traces, batch by batch: asking through the protocol costs something for each batch, and
/// nothing for each event.
protocol TraceReader: ~Copyable {
    /// The form is the binary one.
    static var isBinary: Bool { get }

    /// The source's name, as given.
    var name: String { get }
    /// Bytes taken from the file so far, before decompression.
    var consumed: Int { get }
    /// The file's size in bytes; nil: not known, as of a pipe.
    var size: Int? { get }
    /// The kernel that wrote the trace; nil: the form does not say.
    var kernel: KernelVersion? { get }
    /// What the events' details mean so far. It only ever grows.
    var vocabulary: TraceVocabulary { get }
    /// How many masks and marks have been met: a change says that ``vocabulary`` has grown.
    var vocabularySize: Int { get }
    /// What was met beside events.
    var tally: TraceTally { get }
    /// Where the next batch begins.
    var place: TraceInput.Position { get }

    /// Replaces the events in `batch` by the next ones; false at the end of the trace, `batch` being empty then.
    mutating func read(into batch: inout [TraceEvent]) throws(TraceError) -> Bool

    /// Continues where another reader of the same trace stood. To be called before the first batch is read.
    mutating func resume(at place: TraceInput.Position) throws(TraceError)
}

/// A reader behind a reference: of a type that cannot be copied, Swift 6.3 lets an existential be changed, but not looked at.
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
