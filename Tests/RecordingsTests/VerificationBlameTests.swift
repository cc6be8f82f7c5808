import Foundation
import PageAllocator
import Recordings
import TestSupport
import Testing
import Topology

/// Recordings replayed under the rules of a kernel beside their own.
@Suite struct VerificationBlameTests {
    /// A row of a table of Documentation/Kernels/Blame.md.
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var wrong: String
        var keys: [String]
        var own: String

        var testDescription: String { "\(name) under \(wrong)" }

        /// - Parameter line: `| recording | by the rules of | differs at operation | explained by | mixtures tried |`.
        init?(_ line: Substring) {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 5, cells[2].contains(" of "), let last = cells[3].split(separator: " ").last else {
                return nil
            }
            name = cells[0]
            wrong = cells[1]
            keys = cells[3].split(separator: "`").map(String.init).filter { AllocatorRule.named($0) != nil }
            own = String(last)
        }
    }

    static let rows: [Row] = {
        let page = SharedMaterial.packageRoot.appendingPathComponent("Documentation/Kernels/Blame.md")
        let text = (try? String(contentsOf: page, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { Row($0) }
    }()

    private func profile(_ name: String) throws -> KernelProfile {
        try #require(KernelProfile.all.first { $0.name == name })
    }

    private func recording(_ name: String) throws -> Recording {
        try Recording.load(try #require(KnownRecordings.own.first { $0.hasSuffix("/\(name).json.gz") }))
    }

    @Test func `the page has at least twenty recordings that are explained`() {
        #expect(Self.rows.count { !$0.keys.isEmpty } >= 20)
    }

    @Test(arguments: rows)
    func `the rules blamed make the recording exact by themselves`(_ row: Row) throws {
        let recording = try recording(row.name)
        let (wrong, own) = (try profile(row.wrong), try profile(row.own))
        #expect(!row.keys.isEmpty)
        func isExact(_ keys: [String]) throws -> Bool? {
            let changes = keys.compactMap { key in own.value(of: key).map { RuleChange(key: key, value: "\($0)") } }
            // Rules that need each other cannot be left out by themselves.
            guard let mixed = try? wrong.changed(by: changes) else { return nil }
            return Verifier.verify(recording, under: mixed).isExact
        }
        #expect(try isExact([]) == false)
        #expect(try isExact(row.keys) == true)
    }

    @Test func `a recording of 7.3 under the rules of 7.2 differs for its first walk`() throws {
        let blame = try #require(VerificationBlame(of: try recording("k73-highfirst-1"), under: .v7_2))
        #expect(blame.to.name == "7.3")
        #expect(blame.causes.map(\.rule.key) == ["highAtomicInFirstWalk"])
        for cause in blame.causes { #expect(cause.share(of: blame.total) <= 1) }
    }

    @Test func `a kernel that no profile was verified against is refused unless rules are named`() throws {
        var recording = try recording("k73-topo-mirror")
        recording.version.minor = 6
        #expect(Verifier.verify(recording).outcome == .withoutProfile(recording.version))
        let result = Verifier.verify(recording, under: .v7_3)
        #expect(result.isExact && result.rules.profile == "7.3")
    }
}
