import TestSupport
import Testing

@testable import KernelLog

@Suite struct LineCountTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `line breaks are counted wherever they stand`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for length in 0..<300 {
            let near: [UInt8] = [0x0A, 0x0B, 0x09, 0x8A, 0x00, 0xFF, 0x61]
            let bytes = (0..<length).map { _ in near.randomElement(using: &random) ?? 0 }
            #expect(bytes.withUnsafeBytes(LineCount.of) == bytes.count { $0 == 0x0A }, "\(random)")
        }
    }

    @Test(arguments: [4, 5] as [UInt64])
    func `A phrase is found at any place, also at the ends`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let phrases = ["Mem-Info:", "oom-killer:", "page allocation failure", "failure: order:"]
        let search = TriggerSearch(phrases)
        for length in 0..<200 {
            let letters = Array("emo-Inf: klrpagt".utf8)
            var bytes = (0..<length).map { _ in letters.randomElement(using: &random) ?? 0 }
            let phrase = try #require(phrases.randomElement(using: &random))
            let place = Int.random(in: 0...length, using: &random)
            bytes.insert(contentsOf: phrase.utf8, at: place)
            let hit = bytes.withUnsafeBytes { search.first(in: $0, from: 0) }
            let expected = bytes.indices.first { index in phrases.contains { bytes[index...].starts(with: $0.utf8) } }
            #expect(hit?.offset == expected, "\(random)")
        }
    }
}
