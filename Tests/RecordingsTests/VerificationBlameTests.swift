import PageAllocator
import Recordings
import TestSupport
import Testing
import Topology

/// Recordings replayed under the rules of a kernel beside their own.
@Suite struct VerificationBlameTests {
    /// A recording and the neighbour whose rules are wrong for it.
    struct Case: Sendable, CustomTestStringConvertible {
        var path: String
        var wrong: KernelProfile

        var testDescription: String { "\(path.split(separator: "/").last ?? "") under \(wrong.name)" }
    }

    static let cases: [Case] = [
        ("k61-", [KernelProfile.v6_12]), ("k612-", [.v6_1, .v7_2]), ("k72-", [.v6_12, .v7_3]),
        ("k73-", [.v7_2, .v6_12]), ("k612c-", [.v7_2]),
    ].flatMap { prefix, profiles in
        KnownRecordings.own.filter { $0.contains("/\(prefix)") }.flatMap { path in
            profiles.map { Case(path: path, wrong: $0) }
        }
    }

    @Test(arguments: cases)
    func `the rules blamed are those that matter: swapped alone they make the recording exact`(_ given: Case) throws {
        let recording = try Recording.load(given.path)
        let own = KernelProfile(nearest: recording.version)
        guard let blame = VerificationBlame(of: recording, under: given.wrong, among: [own]) else {
            #expect(Verifier.verify(recording, under: given.wrong).isExact)
            return
        }
        #expect(blame.to.name == own.name && !blame.causes.isEmpty)
        func isExact(_ rules: [AllocatorRule]) throws -> Bool {
            let changes = rules.map { RuleChange(key: $0.key, value: "\($0.value(in: own))") }
            return Verifier.verify(recording, under: try given.wrong.changed(by: changes)).isExact
        }
        #expect(try isExact(blame.causes.map(\.rule)))
        for cause in blame.causes { #expect(cause.share(of: blame.total) <= 1) }
    }

    @Test func `more than twenty of them differ, and are explained`() throws {
        let differing = try Self.cases.filter {
            !Verifier.verify(try Recording.load($0.path), under: $0.wrong).isExact
        }
        #expect(differing.count >= 20)
    }

    @Test func `a recording of 7.3 under the rules of 7.2 differs for its first walk`() throws {
        let path = try #require(KnownRecordings.own.first { $0.hasSuffix("k73-highfirst-1.json.gz") })
        let blame = try #require(VerificationBlame(of: try Recording.load(path), under: .v7_2))
        #expect(blame.to.name == "7.3")
        #expect(blame.causes.map(\.rule.key).contains("highAtomicInFirstWalk"))
    }

    @Test func `a kernel that no profile is held to is refused unless rules are named`() throws {
        let path = try #require(KnownRecordings.own.first { $0.hasSuffix("k73-topo-mirror.json.gz") })
        var recording = try Recording.load(path)
        recording.version.minor = 6
        #expect(Verifier.verify(recording).outcome == .withoutProfile(recording.version))
        let result = Verifier.verify(recording, under: .v7_3)
        #expect(result.isExact && result.rules.profile == "7.3")
    }
}
