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
    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
        .filter { $0.hasSuffix(".json5") }.map { String($0.dropLast(".json5".count)) }.sorted()
    private static let records = ProcessInfo.processInfo.environment["NUMAZONES_RECORD_SNAPSHOTS"] == "1"

    @Test(arguments: names)
    func `each is told exactly what is wrong, all at once`(name: String) throws {
        let path = Self.folder.appendingPathComponent("\(name).json5").path
        var source = try SourceFile.load(path)
        source.name = "\(name).json5"
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
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(files.count == 2 * Self.names.count)
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
