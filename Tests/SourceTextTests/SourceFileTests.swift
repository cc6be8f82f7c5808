import Foundation
import SourceText
import TestSupport
import Testing

@Suite
struct SourceFileTests {
    private func withFile<Value>(_ bytes: [UInt8], _ body: (String) throws -> Value) throws -> Value {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("numazones-\(UUID().uuidString)")
        try Data(bytes).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        return try body(url.path)
    }

    @Test(arguments: [0, 1, 1000, 300_000, 1 << 21])
    func `compressed data come back as they were`(size: Int) throws {
        var random = SeededGenerator(seed: UInt64(size))
        let bytes = (0..<size).map { _ in UInt8(truncatingIfNeeded: random.next() % 7) }
        let packed = Gzip.compress(bytes)
        #expect(try Gzip.decompress(packed) == bytes)
        #expect(try Gzip.decompress(packed + Gzip.compress([1, 2]) + [0, 0, 0]) == bytes + [1, 2])
        #expect(packed == Gzip.compress(bytes))
    }

    @Test func `data cut short are refused at any length`() {
        let packed = Gzip.compress(Array("free_area free_area pageblock pageblock".utf8))
        for length in 0..<packed.count {
            let failure = #expect(throws: Gzip.Failure.self) { try Gzip.decompress(Array(packed[..<length])) }
            #expect(failure?.kind == .truncated, "\(length) bytes")
        }
    }

    @Test func `damaged data and what is not gzip after them are refused`() {
        var packed = Gzip.compress(Array(repeating: 65, count: 100))
        #expect(throws: Gzip.Failure.self) { try Gzip.decompress(packed + [1, 2, 3, 4]) }
        packed[packed.count - 6] ^= 1
        let failure = #expect(throws: Gzip.Failure.self) { try Gzip.decompress(packed) }
        #expect(failure?.kind == .damaged)
    }

    @Test func `a bomb is stopped at the limit`() {
        let packed = Gzip.compress(Array(repeating: 0, count: 1 << 22))
        #expect(packed.count < 10_000)
        let failure = #expect(throws: Gzip.Failure.self) { try Gzip.decompress(packed, limit: 1 << 20) }
        #expect(failure?.kind == .tooLarge)
    }

    @Test func `a file is read, packed or not`() throws {
        let bytes = Array("line\n".utf8)
        #expect(try withFile(bytes) { try SourceFile.load($0).bytes } == bytes)
        #expect(try withFile(Gzip.compress(bytes)) { try SourceFile.load($0).bytes } == bytes)
        #expect(try withFile([]) { try SourceFile.load($0).bytes } == [])
        #expect(try withFile(bytes) { try SourceFile.load($0, limit: 5).bytes } == bytes)
    }

    @Test func `a path that cannot be read says why`() throws {
        func kind(_ path: String, limit: Int = 100) -> SourceError.Kind? {
            do throws(SourceError) { _ = try SourceFile.load(path, limit: limit) } catch { return error.kind }
            return nil
        }
        #expect(kind("/nonexistent/file") == .missing)
        #expect(kind("/") == .directory)
        #expect(kind("/dev/zero") == .tooLarge)
        #expect(try withFile([1, 2, 3]) { kind($0, limit: 2) } == .tooLarge)
        #expect(try withFile(Array(Gzip.compress([1, 2, 3])[..<15])) { kind($0) } == .truncated)
    }

    @Test func `line and column count from one, in characters`() {
        let file = SourceFile(name: "x", text: "a\u{E4}b\n\nc")
        #expect(
            [0, 3, 4, 5, 6, 99].map { file.location(ofOffset: $0).description } == [
                "1:1", "1:3", "1:4", "2:1", "3:1", "3:2",
            ])
    }

    @Test(.enabled(if: SharedMaterial.has("oracle/recordings/k61-mix-1.json.gz")))
    func `recordings are read whole`() throws {
        let path = SharedMaterial.root.appendingPathComponent("oracle/recordings/k61-mix-1.json.gz").path
        let document = try JSONDocument.load(path)
        #expect(document.root["name"]?.string == "k61-mix-1")
        #expect(document.duplicates.isEmpty)
        #expect(document.root["before"]?["nodes"]?[0]?["zones"]?.array?.count == 5)
        #expect(try JSONDocument(text: document.root.text(pretty: false)).root == document.root)
    }
}
