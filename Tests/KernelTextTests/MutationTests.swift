import Foundation
import KernelText
import TestSupport
import Testing

/// No text, however broken, makes a reader trap; what it takes, it can write and read again.
@Suite struct MutationTests {
    @Test(arguments: 0..<40)
    func `broken texts are read, refused or noted, never trapped on`(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        for (name, sample) in Samples.all {
            for _ in 0..<6 {
                let bytes = mutated(Array(sample.utf8), with: &generator)
                readAsEverything(bytes, name: "\(name), \(generator)")
            }
        }
    }

    @Test func `a text cut off anywhere is read, refused or noted`() throws {
        for (name, sample) in Samples.all {
            let bytes = Array(sample.utf8)
            for length in stride(from: 0, through: bytes.count, by: 7) {
                readAsEverything(Array(bytes[..<length]), name: "\(name), cut at \(length)")
            }
        }
    }

    @Test func `carriage returns change nothing`() throws {
        func expectSame<Text: KernelTextFile>(_ type: Text.Type, _ sample: String) throws {
            let plain = try Text(parsing: sample, name: "plain")
            let other = try Text(
                parsing: sample.split(separator: "\n").joined(separator: "\r\n") + "\r\n", name: "plain")
            #expect(other.text == plain.text)
        }
        try expectSame(ZoneInfoText.self, Samples.zoneInfo)
        try expectSame(BuddyInfoText.self, Samples.buddyInfo)
        try expectSame(MemInfoText.self, Samples.memInfo)
        try expectSame(NUMACtlText.self, Samples.numactl)
    }

    private func readAsEverything(_ bytes: [UInt8], name: String) {
        read(ZoneInfoText.self, bytes, name)
        read(BuddyInfoText.self, bytes, name)
        read(PageTypeInfoText.self, bytes, name)
        read(VMStatText.self, bytes, name)
        read(NUMAStatText.self, bytes, name)
        read(MemInfoText.self, bytes, name)
        read(IOMemoryText.self, bytes, name)
        read(KernelVersionText.self, bytes, name)
        read(KernelCommandLine.self, bytes, name)
        read(NUMACtlText.self, bytes, name)
        let text = String(decoding: bytes, as: UTF8.self)
        _ = try? NumberSetText.list(parsing: text, name: name)
        _ = try? NumberSetText.mask(parsing: text, name: name)
        _ = try? NumberSetText.distances(parsing: text, name: name)
        if let line = try? KernelCommandLine(parsing: bytes, name: name) { _ = line.bootParameters }
        if let map = try? IOMemoryText(parsing: bytes, name: name) { _ = map.systemRAM }
    }

    private func read<Text: KernelTextFile>(_ type: Text.Type, _ bytes: [UInt8], _ name: String) {
        do throws(KernelTextError) {
            let first = try Text(parsing: bytes, name: name)
            let second = try Text(parsing: first.text, name: name)
            #expect(second.text == first.text, "\(type), \(name)")
        } catch {
            #expect(!error.problem.isEmpty && error.description.hasPrefix(name))
        }
    }

    /// A few random edits: bytes changed, numbers made huge, lines dropped, doubled, swapped or cut.
    private func mutated(_ bytes: [UInt8], with generator: inout SeededGenerator) -> [UInt8] {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            guard let index = lines.indices.randomElement(using: &generator) else { return [] }
            switch Int.random(in: 0..<7, using: &generator) {
            case 0: lines.remove(at: index)
            case 1: lines.insert(lines[index], at: index)
            case 2: lines.swapAt(index, lines.indices.randomElement(using: &generator) ?? index)
            case 3: lines[index] = Array(lines[index].prefix(Int.random(in: 0...20, using: &generator)))
            case 4:
                guard let at = lines[index].indices.randomElement(using: &generator) else { continue }
                lines[index][at] = UInt8.random(in: 0...255, using: &generator)
            case 5:
                guard let at = lines[index].lastIndex(where: { (48...57).contains($0) }) else { continue }
                lines[index].insert(contentsOf: Array("99999999999999999".utf8), at: at)
            default:
                guard let at = lines[index].firstIndex(where: { (48...57).contains($0) }) else { continue }
                lines[index].insert(UInt8(ascii: "-"), at: at)
            }
        }
        return Array(lines.joined(separator: [UInt8(ascii: "\n")]))
    }
}
