import Foundation
import GFP
import SourceText
import TestSupport
import Testing

/// Real traces, which are not part of the project.
@Suite struct SharedTraceTests {
    static let traces = SharedMaterial.files(in: "oracle/traces", endingIn: "trace.txt.gz")

    @Test(.enabled(if: !traces.isEmpty), arguments: traces)
    func `every event of a recorded trace is understood`(path: String) throws {
        let stream = try ByteStream(SharedMaterial.root.appendingPathComponent(path).path)
        let reading = try TraceReading(stream)
        #expect(reading.tally.firstProblem == nil)
        #expect(reading.tally.eventsWithoutFrame == 0)
        #expect(reading.events.count + reading.tally.foreignLines == reading.tally.lines)
        #expect(reading.vocabulary.masks.allSatisfy { $0.unknown.isEmpty })
        let isOfPerf = path.contains("perf")
        #expect(reading.vocabulary.marks == (isOfPerf ? [] : ["oracle_state start", "oracle_state end"]))
        // A request's type follows from its mask.
        for event in reading.events where event.kind == .allocation {
            #expect(event.migratetype == reading.vocabulary.masks[Int(event.detail)].flags.migratetype.rawValue)
        }
    }

    @Test(.enabled(if: SharedMaterial.has("corpus/traces/excerpts.txt")))
    func `public excerpts are understood`() throws {
        let stream = try ByteStream(SharedMaterial.root.appendingPathComponent("corpus/traces/excerpts.txt").path)
        let reading = try TraceReading(stream)
        #expect(reading.events.count == 12)
        #expect(reading.tally.malformedLines == 0)
    }

    @Test(
        .enabled(if: SharedMaterial.has("corpus/traces/lttng-bug446190/mm_page_events.babeltrace2.txt")))
    func `an LTTng trace of an old ARM kernel is understood`() throws {
        let path = "corpus/traces/lttng-bug446190/mm_page_events.babeltrace2.txt"
        let stream = try ByteStream(SharedMaterial.root.appendingPathComponent(path).path)
        let reading = try TraceReading(stream, kernel: KernelVersion(3, 10))
        #expect(reading.count(.allocation) == 504 && reading.count(.free) == 351)
        #expect(reading.count(.taken) == 150 && reading.count(.batchedFree) == 108 && reading.count(.drain) == 31)
        #expect(reading.tally.malformedLines == 0)
    }
}
