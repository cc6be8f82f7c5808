import Foundation
import SourceText
import TestSupport
import Testing

@testable import Topology

/// Every way to describe a machine wrongly that we know of, with what is said to it. To accept changed messages, run
/// with `NUMAZONES_RECORD_SNAPSHOTS=1` and read the difference.
@Suite
struct BadTopologyTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("BadTopologies")
    static let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    static let names = files.filter { $0.hasSuffix(".json5") }.map { String($0.dropLast(".json5".count)) }.sorted()
    private static let records = ProcessInfo.processInfo.environment["NUMAZONES_RECORD_SNAPSHOTS"] == "1"

    @Test(arguments: names)
    func `each is told exactly what is wrong, all at once`(name: String) throws {
        let file = Self.folder.appendingPathComponent("\(name).json5")
        var source = try SourceFile.load(file.path)
        source.name = file.lastPathComponent
        let (topology, problems) = Topology.check(source)
        let text = problems.map { "\($0)\n" }.joined()
        #expect(!problems.isEmpty)
        #expect((topology == nil) == problems.contains { $0.severity == .error })

        let expectedURL = Self.folder.appendingPathComponent("\(name).expected")
        if Self.records { try text.write(to: expectedURL, atomically: true, encoding: .utf8) }
        let expected = try String(contentsOf: expectedURL, encoding: .utf8)
        #expect(text == expected)
    }

    @Test func `there are many, and every file has its expectation`() throws {
        #expect(Self.names.count >= 25)
        #expect(Self.files.filter { $0.hasSuffix(".expected") }.count == Self.names.count)
    }

    @Test(
        arguments: 0..<4 as Range<UInt64>)
    func `a shipped machine with random bytes changed is read or refused, never a crash`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let files = ConfigTests.names.filter { !$0.hasPrefix("huge") }
        for _ in 0..<150 {
            let name = try #require(files.randomElement(using: &random))
            var source = try SourceFile.load(ConfigTests.folder.appendingPathComponent(name).path)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: 0..<source.bytes.count, using: &random)
                let replacement = Array("0123456789-,.:\"{}[]xGMiB%").randomElement(using: &random)?.asciiValue
                source.bytes[index] = replacement ?? 0
            }
            let (topology, problems) = Topology.check(source)
            if let topology {
                #expect(topology.zoneSpans().allSatisfy { $0.managed >= 0 }, "\(random)")
            } else {
                #expect(problems.contains { $0.severity == .error }, "\(random)")
            }
        }
    }
}
