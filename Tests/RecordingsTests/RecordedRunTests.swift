import PageAllocator
import Recordings
import TestSupport
import Testing

/// A recording's requests made under other rules than its kernel's, and the rules that make the difference.
@Suite struct RecordedRunTests {
    private static let newest = KnownRecordings.own.filter { $0.contains("/k72-") || $0.contains("/k73-") }

    @Test(arguments: newest)
    func `under its kernel's own rules every answer is the recorded one`(_ path: String) throws {
        let recording = try Recording.load(path)
        let run = try RecordedRun(of: recording)
        #expect(run.requests > 0 && run.asRecorded == run.requests)
        #expect(run.servedByZone.reduce(0, +) == run.served)
        #expect(run.figures(comparedWith: run).distance == 0)
    }

    @Test func `the rules blamed for the difference between two kernels make it by themselves`() throws {
        var blamed: Set<String> = []
        // Two of them: each is played some thirty times.
        for path in Self.newest where path.contains("k72-exh-4ring") || path.contains("k73-skip-high") {
            let recording = try Recording.load(path)
            let own = KernelProfile(nearest: recording.version)
            let target = try RecordedRun(of: recording, under: own)
            func distance(_ profile: KernelProfile) throws -> Int {
                try RecordedRun(of: recording, under: profile).figures(comparedWith: target).distance
            }
            let blame = try RuleBlame(from: .v6_12, to: own, distance: distance)
            #expect(blame.causes.isEmpty == (try distance(.v6_12) == 0))
            let search = RuleSearch(from: .v6_12, to: own)
            let mixed = try #require(search.profile(swapping: blame.causes.map(\.rule)))
            #expect(try distance(mixed) == 0)
            for cause in blame.causes {
                let others = blame.causes.map(\.rule).filter { $0.key != cause.rule.key }
                if let less = search.profile(swapping: others), less != mixed { #expect(try distance(less) > 0) }
                blamed.insert(cause.rule.key)
            }
        }
        #expect(blamed.contains("slowPath"))
    }
}
