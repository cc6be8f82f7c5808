import BuddyEngine
import PageAllocator
import SourceText
import TestSupport
import Testing
import Topology

@testable import Recordings

/// A recording that names what is not there is refused with the place, and never trapped on.
@Suite struct LyingRecordingTests {
    static let path = KnownRecordings.own.first { $0.hasSuffix("k612-topo-1node-256M.json.gz") }

    /// One operation in place of all, on a machine of a single node and CPU.
    private func refusal(of operations: String) throws -> String {
        let path = try #require(Self.path)
        var root = try JSONDocument.load(path).root.object ?? [:]
        root["ops"] = try JSONDocument(text: operations).root
        do {
            _ = try Recording(JSONDocument(text: JSONValue(root).text(pretty: false), name: "lie"))
            return "accepted"
        } catch let error as SourceProblem {
            #expect(error.location != nil)
            return "\(error.path): \(error.message)"
        }
    }

    private static let held = #"{"op": "alloc", "id": 1, "gfp": 3264, "order": 2, "cpu": 0, "nid": 0, "pfn": 4096}, "#

    @Test(arguments: [
        (#"{"op": "alloc", "id": 1, "gfp": 3264, "cpu": 7, "pfn": 1}"#, "there is no CPU 7: the machine has 0"),
        (#"{"op": "alloc", "id": 1, "gfp": 3264, "nid": 3, "pfn": 1}"#, "there is no node 3: the machine has 0"),
        (#"{"op": "bulk", "id": 1, "gfp": 3264, "nid": 2, "n": 3}"#, "there is no node 2: the machine has 0"),
        (#"{"op": "drain", "cpu": 8191}"#, "there is no CPU 8191: the machine has 0"),
        (#"{"op": "dump", "state": "later"}"#, "the recording has no state \"later\""),
        (
            #"{"op": "reclaim_active", "nid": 0, "zone": 2, "on": 1}"#,
            "node 0 has no zone Normal, only DMA, DMA32"
        ),
        (#"{"op": "free", "id": 4, "cpu": 0, "pfn": 4096}"#, "ID 4 holds no block that could be freed"),
        (
            held + #"{"op": "free", "id": 1, "cpu": 0, "pfn": 4096, "order": 3}"#,
            "ID 1 holds page frame 4096, order 2, not 4096, order 3"
        ),
        (
            held + #"{"op": "freesub", "id": 1, "cpu": 0, "pfn": 4096}"#,
            "ID 1 holds no split block of which this page is left"
        ),
        (
            held + #"{"op": "split", "id": 1}, {"op": "freesub", "id": 1, "cpu": 0, "pfn": 4100}"#,
            "ID 1 holds no split block of which this page is left"
        ),
        (held + #"{"op": "split", "id": 1}, {"op": "split", "id": 1}"#, "ID 1 holds no block that could be split"),
        (
            #"{"op": "alloc", "id": 1, "gfp": 3264, "order": 2, "pfn": 4097}"#,
            "a block of order 2 begins at a multiple of 4, not at 4097"
        ),
    ])
    func `an operation that names what is not there is refused at its place`(operations: String, sentence: String)
        throws
    {
        let refusal = try refusal(of: "[\(operations)]")
        #expect(refusal.hasSuffix(": \(sentence)"), "\(refusal)")
        #expect(refusal.hasPrefix("ops["))
    }

    @Test func `an operation on what is there is accepted`() throws {
        #expect(
            try refusal(of: "[\(Self.held)" + #"{"op": "free", "id": 1, "cpu": 0, "pfn": 4096, "order": 2}]"#)
                == "accepted")
    }

    /// Each of these once trapped.
    @Test(
        .enabled(if: SharedMaterial.has("cases/attacks")),
        arguments: [
            "recording-unknown-cpu", "recording-unknown-node", "recording-drain-cpu", "recording-freesub",
            "recording-freesub-b",
        ])
    func `a recording that was made to break the reader is refused`(name: String) throws {
        let path = SharedMaterial.root.appendingPathComponent("cases/attacks/\(name).json").path
        let error = #expect(throws: SourceProblem.self) { try Recording.load(path) }
        #expect(error?.path.description.hasPrefix("ops[") == true)
    }

    /// What is accepted is replayed, freed pages, states and all.
    @Test(arguments: [UInt64](1...4))
    func `no lie traps, in whatever number, word or flag`(seed: UInt64) throws {
        let liar = Liar(try JSONDocument.load(try #require(Self.path)))
        var generator = SeededGenerator(seed: seed)
        var refused = 0
        for _ in 0..<40 {
            let (place, choice) = (Int(truncatingIfNeeded: generator.next() >> 1), generator.next())
            guard let (document, _) = liar.lie(at: place, choice: choice) else { continue }
            do {
                let recording = try Recording(document)
                if case .differs = Verifier.verify(recording).outcome { refused += 1 }
                _ = try? LiveVerifier.verify(recording)
            } catch { refused += 1 }
        }
        #expect(refused > 0, "\(generator)")
    }
}
