import GFP
import PageAllocator
import Testing

/// What kernels without a profile of their own are known to have otherwise.
@Suite struct RuleHistoryTests {
    @Test func `kernels with a profile, and newer ones, have nothing otherwise that is known`() {
        for profile in KernelProfile.all { #expect(RuleHistory(of: profile.version).isEmpty) }
        #expect(RuleHistory(of: KernelVersion(9, 1)).isEmpty)
    }

    @Test func `5.15 gets the rules of 5.10, and is known to differ in its per-CPU lists`() {
        let history = RuleHistory(of: KernelVersion(5, 15, 160))
        #expect(
            Set(history.behind.map(\.key)) == [
                "high", "countsContiguousAreas", "largestOrder", "holdsHugePages", "shortensPerCPULists", "sizing",
                "proactiveDeferral",
            ])
        #expect(history.behind.first { $0.key == "largestOrder" }?.value == .number(3))
        #expect(history.ahead.isEmpty && history.absent.isEmpty)
        #expect(history.undated.contains("looksAfterSkippedCompaction"))
    }

    @Test func `what a kernel is known to have its profile takes over is not said to differ`() {
        #expect(KernelProfile(nearest: KernelVersion(5, 17)).nodeLoading == .placesLeftAdded)
        #expect(!RuleHistory(of: KernelVersion(5, 17)).behind.contains { $0.key == "nodeLoading" })
    }

    @Test func `of rules that changed twice the latest counts`() {
        let sizing = RuleHistory(of: KernelVersion(6, 8)).behind.filter { $0.key == "sizing" }
        #expect(sizing.map(\.value) == [.word("movingHigh")])
        #expect(!RuleHistory(of: KernelVersion(6, 6)).behind.contains { $0.key == "sizing" })
    }

    @Test func `Debian's 6.1 has reserves that 6.2 has not`() {
        #expect(RuleHistory(of: KernelVersion(6, 2)).ahead.contains { $0.key == "urgency" })
        #expect(!RuleHistory(of: KernelVersion(6, 3)).ahead.contains { $0.key == "urgency" })
        #expect(!RuleHistory(of: KernelVersion(5, 15)).ahead.contains { $0.key == "urgency" })
    }

    @Test func `kernels before the oldest profile lack what came since`() {
        #expect(RuleHistory(of: KernelVersion(4, 19)).absent == [.fragmentationAvoidance])
        #expect(RuleHistory(of: KernelVersion(3, 10)).absent == RuleHistory.Feature.allCases)
    }

    @Test func `each dated change is of a known rule, and they are in order of release`() {
        for change in RuleHistory.changes { #expect(AllocatorRule.named(change.key) != nil, "\(change.key)") }
        let releases = RuleHistory.changes.map(\.release)
        #expect(releases == releases.sorted())
        // A misspelt key would be left out.
        #expect(RuleHistory.changes.count == 38)
    }
}
