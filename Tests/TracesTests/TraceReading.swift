import GFP
import SourceText

@testable import Traces

/// A whole trace, read.
struct TraceReading {
    var events: [TraceEvent] = []
    var tally = TraceTally()
    var vocabulary = TraceVocabulary()

    init(_ text: String, kernel: KernelVersion? = nil) throws { try self.init(Array(text.utf8), kernel: kernel) }

    init(_ bytes: [UInt8], kernel: KernelVersion? = nil) throws {
        try self.init(ByteStream(name: "trace", bytes: bytes), kernel: kernel)
    }

    init(_ stream: consuming ByteStream, kernel: KernelVersion? = nil) throws {
        var reader = TraceTextReader(stream, kernel: kernel)
        var batch: [TraceEvent] = []
        while try reader.read(into: &batch) { events += batch }
        tally = reader.tally
        vocabulary = reader.vocabulary
    }

    func count(_ kind: TraceEvent.Kind) -> Int { events.count { $0.kind == kind } }
}
