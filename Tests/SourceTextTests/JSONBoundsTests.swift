import Testing

@testable import SourceText

/// No text takes more time or memory than its size is worth.
@Suite struct JSONBoundsTests {
    @Test func `places are the same as those counted from the beginning`() {
        var text = ""
        for line in 0..<900 { text += String(repeating: "wört", count: line % 40) + (line % 3 == 0 ? "\n" : " ") }
        let file = SourceFile(name: "text", text: text)
        let table = LineTable()
        for offset in stride(from: -1, to: file.bytes.count + 2, by: 7) + [4095, 4096, 4097, file.bytes.count] {
            #expect(table.location(ofOffset: offset, in: file.bytes) == file.location(ofOffset: offset))
        }
        #expect(LineTable().location(ofOffset: 5, in: []) == SourceLocation(line: 1, column: 1))
    }

    @Test func `the path of a place is found in long lists and objects`() throws {
        let members = (0..<50).map { "\"k\($0)\": [\($0), {\"a\": 1}]" }.joined(separator: ", ")
        let document = try JSONDocument(text: "[[], {\(members)}, 7]")
        for key in 0..<50 {
            let value = try #require(document.root[1]?["k\(key)"]?[1]?["a"])
            #expect(document.path(ofOffset: try #require(value.offset)).description == "[1].k\(key)[1].a")
        }
        #expect(document.path(ofOffset: 0) == [])
    }

    @Test func `a text with more values than can be held is refused before they are`() {
        let text = [UInt8]("[".utf8) + [UInt8](repeating: UInt8(ascii: "1"), count: 1)
        let many =
            text + [UInt8](String(repeating: ",1", count: JSONDocument.valueLimit).utf8) + [UInt8("]".utf8.first ?? 0)]
        let error = #expect(throws: SourceError.self) { try JSONDocument(SourceFile(name: "many", bytes: many)) }
        #expect(error?.message == "there are more than 16777216 values, the most that are read")
    }

    @Test func `of keys that appear twice a thousand are reported`() throws {
        let text = "{" + (0..<5000).map { "a\($0 % 10): 1" }.joined(separator: ",") + "}"
        #expect(try JSONDocument(text: text).duplicates.count == JSONDocument.mostDuplicates)
    }
}
