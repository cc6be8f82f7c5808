import Foundation
import KernelText
import TestSupport
import Testing

/// What is read is written again byte for byte.
@Suite struct RoundTripTests {
    @Test("zoneinfo of 6.1 and 6.12", .enabled(if: SharedMaterial.has(RecordedTexts.failures)))
    func recordedZoneInfo() throws { try expectRecorded("zoneinfo", as: ZoneInfoText.self) }

    @Test("buddyinfo of 6.1 and 6.12", .enabled(if: SharedMaterial.has(RecordedTexts.failures)))
    func recordedBuddyInfo() throws { try expectRecorded("buddyinfo", as: BuddyInfoText.self) }

    @Test("pagetypeinfo of 6.1 and 6.12", .enabled(if: SharedMaterial.has(RecordedTexts.failures)))
    func recordedPageTypeInfo() throws { try expectRecorded("pagetypeinfo", as: PageTypeInfoText.self) }

    @Test("meminfo of 6.1 and 6.12", .enabled(if: SharedMaterial.has(RecordedTexts.failures)))
    func recordedMemInfo() throws { try expectRecorded("meminfo", as: MemInfoText.self) }

    @Test("zoneinfo of 3.2 to 5.14", .enabled(if: SharedMaterial.has(RecordedTexts.corpus)))
    func zoneInfo() throws { try expectCorpus("zoneinfo", as: ZoneInfoText.self, atLeast: 15) }

    @Test("buddyinfo of other kernels", .enabled(if: SharedMaterial.has(RecordedTexts.corpus)))
    func buddyInfo() throws { try expectCorpus("buddyinfo", as: BuddyInfoText.self, atLeast: 12) }

    @Test("pagetypeinfo of other kernels", .enabled(if: SharedMaterial.has(RecordedTexts.corpus)))
    func pageTypeInfo() throws { try expectCorpus("pagetypeinfo", as: PageTypeInfoText.self, atLeast: 6) }

    @Test("meminfo of machines and nodes", .enabled(if: SharedMaterial.has(RecordedTexts.corpus)))
    func memInfo() throws { try expectCorpus("meminfo", as: MemInfoText.self, atLeast: 20) }

    @Test("vmstat of machines and nodes", .enabled(if: SharedMaterial.has(RecordedTexts.corpus)))
    func vmStat() throws { try expectCorpus("vmstat", as: VMStatText.self, atLeast: 10) }

    @Test("numastat of nodes and of the tool", .enabled(if: SharedMaterial.has(RecordedTexts.corpus)))
    func numaStat() throws { try expectCorpus("numastat", as: NUMAStatText.self, atLeast: 5) }

    @Test("iomem", .enabled(if: SharedMaterial.has(RecordedTexts.corpus)))
    func ioMemory() throws { try expectCorpus("iomem", as: IOMemoryText.self, atLeast: 5) }

    @Test("version", .enabled(if: SharedMaterial.has(RecordedTexts.corpus)))
    func version() throws { try expectCorpus("version", as: KernelVersionText.self, atLeast: 5) }

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
