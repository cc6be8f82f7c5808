import SourceText
import TestSupport
import Testing

@Suite
struct JSONDocumentTests {
    @Test(
        arguments: [
            ("null", nil), ("true", true), (" [ ] ", []), ("{}", [:]), ("-12", -12), ("+7", 7), ("1.5", 1.5),
            (".5", 0.5), ("5.", 5), ("5.e2", 500), ("1e3", 1000), ("0x1F", 31), ("-0xa", -10), ("1E-2", 0.01),
            ("9223372036854775807", 9_223_372_036_854_775_807), ("0", 0), ("-0.0", 0),
            ("18446744073709551615", 18_446_744_073_709_551_615.0), ("'it''s'.x", nil),
            ("[1,2,]", [1, 2]), ("{a:1,}", ["a": 1]), ("{'a b':1, \"c\":[{}]}", ["a b": 1, "c": [[:]]]),
            ("// first\n/* second */ 1 // third", 1), ("\u{FEFF}\u{A0}\u{2028}1\u{B}", 1),
            ("'a\\\nb'", "ab"), ("'\\x41\\u00e4\\uD83D\\uDE00'", "A\u{E4}\u{1F600}"), ("'\\0\\v\\q'", "\0\u{B}q"),
            ("\"\u{E9}\"", "\u{E9}"), ("{\u{E9}$_1: 2}", ["\u{E9}$_1": 2]),
            ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\u{8}\u{C}\n\r\t"),
        ] as [(String, JSONValue)])
    func `a valid text means what json5.org says`(text: String, expected: JSONValue) throws {
        guard !text.hasSuffix(".x") else {
            #expect(throws: SourceError.self) { try JSONDocument(text: text) }
            return
        }
        #expect(try JSONDocument(text: text).root == expected)
    }

    @Test(
        arguments: [
            ("", "JSON:1:1: the text ends where a value is expected"),
            ("[1,", "JSON:1:4: the text ends where a value is expected: the list that begins at 1:1 is not closed"),
            ("{\"a\"\n 1}", "JSON:2:2: expected ':' after the key \"a\", found '1'"),
            ("[1 2]", "JSON:1:4: expected ',' or ']' after an element, found '2'"),
            ("{a:1 b:2}", "JSON:1:6: expected ',' or '}' after a member, found 'b'"),
            ("{a:1]", "JSON:1:5: expected ',' or '}' after a member, found ']'"),
            ("{1:2}", "JSON:1:2: expected a key or '}', found '1'"),
            ("1 1", "JSON:1:3: there is something after the end of the value: '1'"),
            ("{m: 64GiB}", "JSON:1:5: 64GiB is not a number: put a text in quotes, \"64GiB\""),
            ("{m: yes}", "JSON:1:5: expected a value, found the word yes: put a text in quotes, \"yes\""),
            ("012", "JSON:1:1: the number 012 begins with 0: omit the 0, or write 0x for hexadecimal"),
            ("-", "JSON:1:2: expected a number after '-', found the end of the text"),
            ("1.2.3", "JSON:1:1: 1.2.3 is not a number: put a text in quotes, \"1.2.3\""),
            ("0x", "JSON:1:1: 0x is not a number: put a text in quotes, \"0x\""),
            ("'a", "JSON:1:1: this string is not closed on its line"),
            ("'a\nb'", "JSON:1:1: this string is not closed on its line"),
            ("'a\u{1}'", "JSON:1:3: a string may not hold the control character 0x1: write it as an escape"),
            ("'\\u12'", "JSON:1:2: this escape needs 4 hexadecimal digits"),
            ("'\\ud800'", "JSON:1:2: this escape is half of a pair of surrogates; the other half is missing"),
            ("/* 1", "JSON:1:1: this comment is not closed by '*/'"),
            ("/ 1", "JSON:1:1: expected a comment ('//' or '/*') after '/'"),
            ("[,]", "JSON:1:2: expected a value, found ','"),
            ("{,}", "JSON:1:2: expected a key or '}', found ','"),
            ("#", "JSON:1:1: expected a value, found '#'"),
        ])
    func `an invalid text is refused with the place and what was expected`(text: String, message: String) {
        let error = #expect(throws: SourceError.self) { try JSONDocument(text: text) }
        #expect(error?.description == message)
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        for bytes in [[0x22, 0xFF, 0x22], [0xFF], [0x7B, 0xC3, 0x3A, 0x31, 0x7D]] as [[UInt8]] {
            #expect(throws: SourceError.self) { try JSONDocument(SourceFile(name: "x", bytes: bytes)) }
        }
    }

    @Test func `nesting is limited, and deep nesting does not exhaust the stack`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSONDocument(text: nested(JSONDocument.depthLimit))
        let error = #expect(throws: SourceError.self) { try JSONDocument(text: nested(1_000_000)) }
        #expect(error?.message == "lists and objects are nested more than 512 deep")
    }

    @Test(arguments: [2, 40])
    func `a key that appears twice is reported, and its last value counts`(members: Int) throws {
        let others = (1..<members).map { "k\($0): \($0)," }.joined()
        let document = try JSONDocument(text: "{a: 1, \(others) 'a': 2, \"\\u0061\": 3}")
        #expect(document.root["a"] == 3)
        #expect(document.root.object?.count == members)
        #expect(document.duplicates.map(\.key) == ["a", "a"])
        #expect(document.duplicates.first?.firstOffset == 1)
        #expect(document.duplicates.map { document.path(ofOffset: $0.offset) }.last == ["a"])
        #expect(document.root["k1"] == (members > 1 ? 1 : nil))
    }

    @Test func `every value knows its place and its path`() throws {
        let document = try JSONDocument(
            text: "{\n  nodes: [\n    {}, { 'the memory': \u{22}\u{E4}\u{22}, b: 7 },\n  ],\n}")
        let second = try #require(document.root["nodes"]?[1])
        let offset = try #require(second["b"]?.offset)
        #expect(document.location(ofOffset: offset).description == "3:33")
        #expect(document.path(ofOffset: offset).description == "nodes[1].b")
        #expect(document.path(ofOffset: second["the memory"]?.offset ?? 0).description == "nodes[1][\"the memory\"]")
        #expect(document.path(ofOffset: 0).description.isEmpty)
    }

    @Test(arguments: [true, false])
    func `what is written is read back as the same`(pretty: Bool) throws {
        let value: JSONValue = [
            "text": "a \"b\" \\ \n\u{1} \u{1F600}", "numbers": [1, -2.5, 1e300, 0], "empty": [:], "none": nil,
            "nested": [["a": [true, false, [], ["x": [1, 2, 3]]]]],
        ]
        #expect(try JSONDocument(text: value.text(pretty: pretty)).root == value)
    }

    @Test func `pretty text keeps short lists on one line`() {
        let value: JSONValue = ["b": [1, 2], "a": ["x": nil], "c": [["y": [0]]]]
        let text = """
            {
              "a": {"x": null},
              "b": [1, 2],
              "c": [
                {
                  "y": [0]
                }
              ]
            }
            """
        #expect(value.text(sortedKeys: true) == text)
        #expect(value.text(pretty: false) == #"{"b":[1,2],"a":{"x":null},"c":[{"y":[0]}]}"#)
    }

    @Test(arguments: [3, 15, 16, 17, 200])
    func `an object finds its keys however many there are`(count: Int) {
        var object = JSONObject((0..<count).map { ("key\($0)", JSONValue($0)) })
        #expect((0..<count).allSatisfy { object["key\($0)"] == JSONValue($0) })
        object["key1"] = nil
        object["new"] = true
        #expect(object["key1"] == nil && object["new"] == true && object.count == count)
        #expect(object.keys.last == "new" && object["key2"] == 2)
    }
}
