import SourceText
import TestSupport
import Testing

@testable import Recordings

/// The recorder writes the members of a recording in one order. Others mean the same.
@Suite struct RecordingOrderTests {
    static let path = KnownRecordings.own.first { $0.hasSuffix("k612-topo-1node-256M.json.gz") }

    private func root() throws -> JSONObject {
        let path = try #require(Self.path)
        return try #require(try JSONDocument.load(path).root.object)
    }

    private func expectSame(_ one: Recording, _ other: Recording) {
        #expect(one.name == other.name && one.version == other.version && one.mode == other.mode)
        #expect(one.before == other.before && one.after == other.after && one.middle == other.middle)
        #expect(one.eventWords == other.eventWords && one.bulkFrames == other.bulkFrames)
        #expect(one.operations.map { "\($0)" } == other.operations.map { "\($0)" })
        #expect(!one.operations.isEmpty)
    }

    @Test(arguments: [UInt64](1...3))
    func `members in any order, of the whole and of operations, mean the same`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var members = try root().members.map { ($0.key, $0.value) }
        let plain = try Recording(JSONDocument(text: JSONValue(JSONObject(members)).text(pretty: false)))
        for index in members.indices where members[index].0 == "ops" {
            let operations = members[index].1.array ?? []
            members[index].1 = JSONValue(
                operations.map { operation in
                    let members = operation.object?.members.map { ($0.key, $0.value) } ?? []
                    return JSONValue(JSONObject(members.shuffled(using: &random)))
                })
        }
        members.shuffle(using: &random)
        let text = JSONValue(JSONObject(members)).text(pretty: seed % 2 == 0)
        expectSame(try Recording(JSONDocument(text: text)), plain)
    }

    @Test func `of a member that appears twice the last counts`() throws {
        let text = JSONValue(try root()).text(pretty: false)
        let recording = try Recording(JSONDocument(text: text.dropLast() + #", "ops": [], "name": "again"}"#))
        #expect(recording.operations.isEmpty && recording.name == "again")
    }

    @Test func `a text that is cut short among its operations is reported as not JSON, with its place`() throws {
        let text = JSONValue(try root()).text(pretty: false)
        let start = try #require(text.firstRange(of: "\"ops\":["))
        let cut = String(text[..<text.index(start.upperBound, offsetBy: 40)])
        let error = #expect(throws: SourceError.self) { try Recording(SourceFile(name: "cut", text: cut)) }
        #expect(error?.kind == .syntax && error?.location != nil)
    }

    @Test(arguments: [
        (#"{"op": "jump"}"#, "ops[0].op", "\"jump\" is not an operation known here"),
        (#"{"id": 3}"#, "ops[0]", "\"op\" is missing"),
        (#"{"op": "alloc", "id": 1}"#, "ops[0]", "\"gfp\" is missing"),
        (#"{"op": "alloc", "gfp": "x"}"#, "ops[0].gfp", "a whole number is needed, this is a string"),
        (#"{"op": "free", "order": 14}"#, "ops[0].order", "14 is not in 0...13"),
        (#"{"op": "drain", "ev": [["attempt", 1]]}"#, "ops[0].ev[0]", "\"attempt\" needs more than 1 values"),
        (#"{"op": "drain", "ev": [[]]}"#, "ops[0].ev[0]", "an event without a name"),
        (#"{"op": "drain", "ev": [["jump"]]}"#, "ops[0].ev[0][0]", "\"jump\" is not an event known here"),
        (
            #"{"op": "drain", "ev": [["pcpu_drain", 0, 99, []]]}"#, "ops[0].ev[0]", "99 is not a migratetype's number"
        ),
    ])
    func `what is wrong in an operation is told with its path`(operation: String, path: String, message: String)
        throws
    {
        var root = try root()
        root["ops"] = try JSONDocument(text: "[\(operation)]").root
        let error = #expect(throws: SourceProblem.self) {
            try Recording(SourceFile(name: "lie", text: JSONValue(root).text()))
        }
        #expect(error?.path.description == path && error?.message == message && error?.location != nil)
    }
}
