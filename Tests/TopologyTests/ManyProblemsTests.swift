import SourceText
import Testing

@testable import Topology

/// A text that is wrong in very many places is reported in few, in a time that grows with its size.
@Suite struct ManyProblemsTests {
    @Test func `a hundred problems are shown, in order, and the rest counted`() throws {
        // 927 bytes of gzip data once took three minutes: each error counted its line from the beginning.
        let nodes = [String](repeating: "[]", count: 200_000).joined(separator: ",")
        let source = SourceFile(name: "many", text: "{\"nodes\":[\(nodes)], wrong: 1}")
        let (topology, problems) = Topology.check(source)
        #expect(topology == nil)
        #expect(problems.count == 101)
        #expect(problems.first?.location == SourceLocation(line: 1, column: 11))
        #expect(problems.last?.message == "199901 more problems are not shown")
        #expect(zip(problems, problems.dropFirst()).allSatisfy { ($0.location ?? $1.location)! <= $1.location! })
    }

    @Test func `so it is with a snapshot, and with keys that nobody knows`() {
        let keys = (0..<50_000).map { "k\($0): 1" }.joined(separator: ",")
        let source = SourceFile(
            name: "keys", text: "{format: \"numazones-snapshot/1\", topology: {\(keys)}, zones: []}")
        let (snapshot, problems) = Snapshot.check(source)
        #expect(snapshot == nil)
        #expect(problems.count == 101)
    }
}
