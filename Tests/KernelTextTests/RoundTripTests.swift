import Foundation
import KernelText
import TestSupport
import Testing

/// What is read is written again byte for byte.
@Suite struct RoundTripTests {
    @Test(.enabled(if: SharedMaterial.has(RecordedTexts.failures)))
    func `zoneinfo of 6.1 and 6.12`() throws { try expectRecorded("zoneinfo", as: ZoneInfoText.self) }

    @Test(.enabled(if: SharedMaterial.has(RecordedTexts.failures)))
    func `buddyinfo of 6.1 and 6.12`() throws { try expectRecorded("buddyinfo", as: BuddyInfoText.self) }

    @Test(.enabled(if: SharedMaterial.has(RecordedTexts.failures)))
    func `pagetypeinfo of 6.1 and 6.12`() throws { try expectRecorded("pagetypeinfo", as: PageTypeInfoText.self) }

    @Test(.enabled(if: SharedMaterial.has(RecordedTexts.failures)))
    func `meminfo of 6.1 and 6.12`() throws { try expectRecorded("meminfo", as: MemInfoText.self) }

    @Test(.enabled(if: SharedMaterial.has(RecordedTexts.corpus)))
    func `zoneinfo of 3.2 to 5.14`() throws { try expectCorpus("zoneinfo", as: ZoneInfoText.self, atLeast: 15) }

    @Test(.enabled(if: SharedMaterial.has(RecordedTexts.corpus)))
    func `buddyinfo of other kernels`() throws { try expectCorpus("buddyinfo", as: BuddyInfoText.self, atLeast: 12) }

    @Test(.enabled(if: SharedMaterial.has(RecordedTexts.corpus)))
    func `pagetypeinfo of other kernels`() throws {
        try expectCorpus("pagetypeinfo", as: PageTypeInfoText.self, atLeast: 6)
    }

    @Test(.enabled(if: SharedMaterial.has(RecordedTexts.corpus)))
    func `meminfo of machines and nodes`() throws { try expectCorpus("meminfo", as: MemInfoText.self, atLeast: 20) }

    @Test(.enabled(if: SharedMaterial.has(RecordedTexts.corpus)))
    func `vmstat of machines and nodes`() throws { try expectCorpus("vmstat", as: VMStatText.self, atLeast: 10) }

    @Test(.enabled(if: SharedMaterial.has(RecordedTexts.corpus)))
    func `numastat of nodes and of the tool`() throws {
        try expectCorpus("numastat", as: NUMAStatText.self, atLeast: 5)
    }

    @Test(.enabled(if: SharedMaterial.has(RecordedTexts.corpus)))
    func `iomem`() throws { try expectCorpus("iomem", as: IOMemoryText.self, atLeast: 5) }

    @Test(.enabled(if: SharedMaterial.has(RecordedTexts.corpus)))
    func `version`() throws { try expectCorpus("version", as: KernelVersionText.self, atLeast: 5) }

    private func expectRecorded<Text: KernelTextFile>(_ name: String, as type: Text.Type) throws {
        let texts = try RecordedTexts.fromFailures(name)
        #expect(texts.count > 100)
        for (recording, text) in texts {
            // The recorder took the last newline off.
            expectSame(try Text(parsing: text, name: recording).text, text + "\n", recording)
        }
    }

    /// Pasted files may lack their last newline and blanks at line ends; a few begin or end with empty lines.
    private func expectCorpus<Text: KernelTextFile>(_ name: String, as type: Text.Type, atLeast count: Int) throws {
        let texts = try RecordedTexts.fromCorpus(name)
        #expect(texts.count >= count)
        for (path, text) in texts where !text.isEmpty {
            expectSame(tidied(try Text(parsing: text, name: path).text), tidied(text), path)
        }
    }

    private func tidied(_ text: String) -> String {
        let lines = text.filter { $0 != "\0" }.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line.reversed().drop { $0 == " " }.reversed())
        }
        return lines.joined(separator: "\n").trimmingCharacters(in: .newlines)
    }

    private func expectSame(_ written: String, _ expected: String, _ name: String) {
        guard written != expected else { return }
        let pairs = zip(
            written.split(separator: "\n", omittingEmptySubsequences: false),
            expected.split(separator: "\n", omittingEmptySubsequences: false))
        let pair = pairs.first { $0 != $1 }
        Issue.record("\(name): wrote '\(pair?.0 ?? "")', expected '\(pair?.1 ?? "")'")
    }
}
