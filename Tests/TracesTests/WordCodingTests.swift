import TestSupport
import Testing

@testable import Traces

/// Words of event blocks as bytes and back.
@Suite struct WordCodingTests {
    /// Words as traces have them: few that differ below the page frame, runs and jumps of page frames, and rarities.
    private func words(_ count: Int, lows: Int, _ random: inout SeededGenerator) -> [UInt64] {
        var frame: UInt64 = 1 << 20
        return (0..<count).map { _ in
            if random.next() % 20 == 0 { return random.next() }
            frame = random.next() % 4 == 0 ? random.next() >> 28 : (frame &+ 1) & (1 << 36 - 1)
            return (random.next() % UInt64(lows)) &* 0x9E_3779 & (1 << 28 - 1) | frame << 28
        }
    }

    private func decode(_ content: [UInt8], _ count: Int) -> [UInt64]? {
        var words: [UInt64] = []
        let isWhole = content.withUnsafeBytes { WordCoding.decode($0, count: count, into: &words) }
        return isWhole ? words.map { UInt64(littleEndian: $0) } : nil
    }

    @Test(arguments: [UInt64](1...6))
    func `what is coded is decoded`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var coding = WordCoding()
        for (count, lows) in [(0, 1), (1, 1), (3000, 5), (3000, 255), (3000, 4000), (3000, 100)] {
            let words = words(count, lows: lows, &random)
            let content = coding.code(words)
            #expect(decode(content, count) == words, "\(random)")
            if lows == 5 { #expect(content.count < 13 * count / 2, "\(random)") }
        }
    }

    @Test func `neighbouring frames of one kind take two bytes each`() {
        var coding = WordCoding()
        let words = (0..<1000).map { UInt64(2) | UInt64(5000 + $0) << 28 }
        // Two for the table's length, four for its entry, one more for the first frame.
        #expect(coding.code(words).count == 2 + 4 + 2 * 1000 + 1)
    }

    @Test(arguments: [UInt64](1...3))
    func `content cut short anywhere, or of another number of words, is refused`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var coding = WordCoding()
        let content = coding.code(words(60, lows: 7, &random))
        for length in 0..<content.count { #expect(decode(Array(content[..<length]), 60) == nil, "\(random) \(length)") }
        for count in [0, 59, 61, 1 << 17, 1 << 17 + 1, .max] { #expect(decode(content, count) == nil, "\(random)") }
        #expect(decode(content + [0], 60) == nil)
    }

    @Test(arguments: [UInt64](1...3))
    func `changed bytes give other words or none, never a trap`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var coding = WordCoding()
        let content = coding.code(words(60, lows: 7, &random))
        for place in content.indices {
            var changed = content
            changed[place] = UInt8(truncatingIfNeeded: random.next())
            let words = decode(changed, 60)
            #expect(words == nil || words?.count == 60)
        }
    }
}
