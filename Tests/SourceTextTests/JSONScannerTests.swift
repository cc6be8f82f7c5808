import TestSupport
import Testing

@testable import SourceText

/// Two readers, one grammar: what the scanner passes over is what the parser takes.
@Suite struct JSONScannerTests {
    /// A text as the scanner sees it: whether it is JSON, and what its whole numbers add up to.
    private func scan(_ text: [UInt8]) -> Bool {
        text.withUnsafeBufferPointer { bytes in
            var scanner = JSONScanner(bytes)
            do throws(JSONScanner.Failure) {
                try scanner.skip()
                try scanner.finish()
                return true
            } catch { return false }
        }
    }

    private func failure(
        _ text: String, _ read: (inout JSONScanner) throws(JSONScanner.Failure) -> Void
    ) -> JSONScanner.Failure? {
        Array(text.utf8).withUnsafeBufferPointer { bytes in
            var scanner = JSONScanner(bytes)
            do throws(JSONScanner.Failure) { try read(&scanner) } catch { return error }
            return nil
        }
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `a changed text is passed over if, and only if, it can be read`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let interesting = Array("{}[]:,\"'\\/*+-.0xeuINaN \n\0".utf8) + [0x80, 0xC2, 0xE2, 0xFF]
        for _ in 0..<1000 {
            var bytes = Array(JSONMutationTests.texts[Int(random.next() % 2)].utf8)
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch random.next() % 3 {
                case 0: bytes[index] = interesting.randomElement(using: &random) ?? 0
                case 1: bytes.insert(interesting.randomElement(using: &random) ?? 0, at: index)
                default: bytes.remove(at: index)
                }
            }
            let isJSON = (try? JSONDocument(SourceFile(name: "changed", bytes: bytes))) != nil
            #expect(scan(bytes) == isJSON, "\(random): \(String(decoding: bytes, as: UTF8.self))")
        }
    }

    @Test(arguments: [
        ("12", 12), ("-7", -7), ("0", 0), ("0x1F", 31), ("+5", 5), ("1e3", 1000), (" /* n */ 3", 3),
        ("999999999999999999", 999_999_999_999_999_999), ("9223372036854775807", Int.max),
        ("-9223372036854775808", Int.min),
    ])
    func `a whole number is read however it is written`(text: String, number: Int) {
        let problem = failure(text) { scanner throws(JSONScanner.Failure) in
            #expect(try scanner.integer() == number)
            try scanner.finish()
        }
        #expect(problem == nil)
    }

    @Test(arguments: [
        ("1.5", "a whole number is needed, this is a number"), ("\"a\"", "a whole number is needed, this is a string"),
        ("[1]", "a whole number is needed, this is a list"), ("{}", "a whole number is needed, this is an object"),
        ("-1", "-1 is not in 0...100"), ("101", "101 is not in 0...100"),
    ])
    func `what is not a count up to a limit is reported with its place`(text: String, message: String) {
        let problem = failure("  " + text) { scanner throws(JSONScanner.Failure) in _ = try scanner.count(100) }
        #expect(problem?.message == message && problem?.offset == 2)
    }

    @Test func `names are found however they are written, and no other for them`() throws {
        let table = JSONNameTable(["frames", "count", "a", ""])
        let text = Array(#"{"frames": 1, count: 2, 'a': 3, "\u0061": 4, "": 5, "framed": 6, "b": 7}"#.utf8)
        var found: [Int?] = []
        try text.withUnsafeBufferPointer { bytes in
            var scanner = JSONScanner(bytes)
            try scanner.enterObject()
            while let name = try scanner.nextName() {
                found.append(table.position(of: name))
                #expect(try scanner.integer() == found.count)
            }
            try scanner.finish()
        }
        #expect(found == [0, 1, 2, 2, 3, nil, nil])
    }
}
