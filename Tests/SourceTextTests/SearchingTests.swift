import SourceText
import TestSupport
import Testing

@Suite struct SearchingTests {
    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `texts are found where comparing at every place finds them`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let text = String(
                (0..<Int.random(in: 0...12, using: &random)).map { _ in "abé".randomElement(using: &random) ?? "a" })
            let part = String(
                (0..<Int.random(in: 1...3, using: &random)).map { _ in "abé".randomElement(using: &random) ?? "a" })
            let (bytes, sought) = (Array(text.utf8), Array(part.utf8))
            let places = bytes.indices.filter { bytes[$0...].starts(with: sought) }
            func offset(_ range: Range<String.Index>?) -> Int? {
                range.map { text.utf8.distance(from: text.startIndex, to: $0.lowerBound) }
            }
            #expect(offset(text.firstRange(ofText: part)) == places.first, "seed \(seed): \(part) in \(text)")
            #expect(offset(text.lastRange(ofText: part)) == places.last, "seed \(seed): \(part) in \(text)")
            #expect(text.mentions(part) == !places.isEmpty)
            #expect(text.parts(separatedBy: part).joined(separator: part) == text)
        }
    }

    @Test func `parts, blanks and places of substrings`() {
        #expect("a + b + c".parts(separatedBy: " + ") == ["a", "b", "c"])
        #expect("".parts(separatedBy: ",") == [""])
        #expect(" \t x y\r\n".trimmed == "x y" && "  ".trimmed.isEmpty)
        let text = "proc/1/proc/x"
        #expect(text.lastRange(ofText: "proc/").map { String(text[$0.upperBound...]) } == "x")
        #expect(text.dropFirst(5).firstRange(ofText: "proc/").map { String(text[$0.upperBound...]) } == "x")
        #expect(!text.mentions(""))
    }
}
