import BuddyEngine
import PageAllocator
import Recordings
import SourceText
import TestSupport
import Testing

@Suite struct VerifierTests {
    @Test(
        arguments: KnownRecordings.own)
    func `the project's own recordings replay exactly, their structures sound after every operation`(path: String)
        throws
    {
        let result = Verifier.verify(try Recording.load(path), checksInvariants: true)
        #expect(result.outcome == .exact)
        #expect(result.operations == result.total)
    }

    @Test func `there are some of each kernel that a profile was verified against`() {
        for (prefix, least) in [
            ("k510-", 3), ("k510c-", 1), ("k61-", 6), ("k612-", 6), ("k61c-", 2), ("k612c-", 2), ("k72-", 4),
            ("k73-", 4),
        ] {
            #expect(KnownRecordings.own.count { $0.contains("/\(prefix)") } >= least, "\(prefix)")
        }
    }

    @Test func `a request that the recording marks as not made is passed over`() throws {
        let path = try #require(KnownRecordings.own.first { $0.hasSuffix("k72-topo-fake4.json.gz") })
        let recording = try Recording.load(path)
        #expect(recording.operations.contains { $0.action == .skip })
        #expect(Verifier.verify(recording).isExact)
    }

    @Test func `there is one of each architecture and page size`() throws {
        let builds = try Set(
            KnownRecordings.own.map { path in
                let topology = try Recording.load(path).before.topology
                return "\(topology.architecture.rawValue), \(topology.pageSize) bytes"
            })
        #expect(
            builds == [
                "x86_64, 4096 bytes", "i386, 4096 bytes", "i386-pae, 4096 bytes", "arm64, 4096 bytes",
                "arm64, 16384 bytes", "arm64, 65536 bytes",
            ])
    }

    @Test func `A wrong page frame, event or state is found, and named`() throws {
        let path = try #require(KnownRecordings.own.first { $0.hasSuffix("k612-mix-1.json.gz") })
        let recording = try Recording.load(path)
        let served = try #require(recording.operations.firstIndex { $0.action == .allocate && $0.frame != nil })

        var wrong = recording
        wrong.operations[served].frame = recording.operations[served].frame.map { $0 + 1 }
        guard case .differs(let answer) = Verifier.verify(wrong).outcome else { throw NothingFound() }
        #expect(answer.operation == served)
        #expect(answer.expected.contains("page frame"))

        wrong = recording
        let event = try #require(recording.operations.firstIndex { !$0.events.isEmpty })
        wrong.eventWords[recording.operations[event].events.upperBound - 1] += 1
        guard case .differs(let told) = Verifier.verify(wrong).outcome else { throw NothingFound() }
        #expect(told.operation == event)

        wrong = recording
        wrong.after.zones[1].exact?.freePagesCounter += 1
        guard case .differs(let state) = Verifier.verify(wrong).outcome else { throw NothingFound() }
        #expect(state.operation == recording.operations.count)
        #expect(state.what.contains("free-page counter"))
    }

    struct NothingFound: Error {}

    @Test func `A file that is not a recording is refused with the place`() {
        func message(_ text: String) -> String {
            do {
                _ = try Recording(JSONDocument(text: text, name: "FILE"))
                return "no error"
            } catch {
                return "\(error)"
            }
        }
        #expect(
            message("{}")
                == "FILE:1:1: error: this is not a recording: \"format\" does not begin with \"page-allocator-oracle/\""
        )
        #expect(message(#"{"format": "page-allocator-oracle/1"}"#) == "FILE:1:1: error: \"kernel\" is missing")
        #expect(
            message(#"{"format": "page-allocator-oracle/1", "kernel": {"package": 5}}"#)
                == "FILE:1:61: error: kernel.package: a string is needed, this is a number")
    }
}
