import Foundation
import SourceText
import TestSupport
import Testing
import Topology

@testable import Scenarios

/// Every way to write a scenario wrongly that we know of, with what is said to it. To accept changed messages, run with
/// `NUMAZONES_RECORD_SNAPSHOTS=1` and read the difference.
@Suite struct BadScenarioTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("BadScenarios")
    static let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    static let names = files.filter { $0.hasSuffix(".json5") }.map { String($0.dropLast(".json5".count)) }.sorted()
    private static let records = ProcessInfo.processInfo.environment["NUMAZONES_RECORD_SNAPSHOTS"] == "1"

    /// All that is said about a file; files that it names are shown without their folder.
    private func messages(_ source: SourceFile, folder: String) throws -> (isRead: Bool, text: String) {
        switch Result(catching: { () throws(SourceError) in try JSONDocument(source) }) {
        case .failure(let error): return (false, "\(error)\n")
        case .success(let document):
            let (scenario, problems) = Scenario.check(document, folder: folder)
            let text = problems.map { "\($0)\n" }.joined().replacingOccurrences(of: folder, with: "")
            return (scenario != nil, text)
        }
    }

    @Test(arguments: names)
    func `each is told exactly what is wrong, all at once`(name: String) throws {
        let file = Self.folder.appendingPathComponent("\(name).json5")
        var source = try SourceFile.load(file.path)
        source.name = file.lastPathComponent
        let (isRead, text) = try messages(source, folder: file.deletingLastPathComponent().path + "/")
        #expect(!isRead)
        let expectedURL = Self.folder.appendingPathComponent("\(name).expected")
        if Self.records { try text.write(to: expectedURL, atomically: true, encoding: .utf8) }
        #expect(text == (try String(contentsOf: expectedURL, encoding: .utf8)))
    }

    @Test func `there are many, and every file has its expectation`() throws {
        #expect(Self.names.count >= 20)
        #expect(Self.files.filter { $0.hasSuffix(".expected") }.count == Self.names.count)
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func `a shipped scenario with random bytes changed is read or refused, never a crash`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<60 {
            let name = try #require(ScenarioTests.names.randomElement(using: &random))
            let file = ScenarioTests.folder.appendingPathComponent(name)
            let folder = file.deletingLastPathComponent().path + "/"
            var source = try SourceFile.load(file.path)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: source.bytes.indices, using: &random)
                source.bytes[index] = Array("0123456789-,.:\"{}[]xGa".utf8).randomElement(using: &random) ?? 0
            }
            guard let document = try? JSONDocument(source) else { continue }
            let (scenario, problems) = Scenario.check(document, folder: folder)
            #expect((scenario == nil) == problems.contains { $0.severity == .error }, "\(random)")
        }
    }
}
