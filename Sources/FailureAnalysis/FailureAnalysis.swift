import BuddyEngine
import GFP
import OperatingSystem
import KernelLog
import PageAllocator
import Topology

/// A report of failed memory explained: the machine rebuilt from it, the same request made again, the cause named, and
/// remedies tried.
///
/// A total function of the report: whatever the log says, there is an answer, which may be ``Cause/unknown``.
public struct FailureAnalysis: Sendable {
    /// Whether the rebuilt machine refuses the request as the kernel did.
    public enum Verdict: Hashable, Sendable {
        case refuses
        /// It would have been served from this zone.
        case serves(ZoneReference?)
        /// The page allocator was not asked, or not for want of memory.
        case notAsked(NoRefusal)
        case notRebuilt(NotRebuilt)
        /// The answer hangs on what the report does not say, see ``FailureAnalysis/gaps``.
        case undecided
    }

    public let report: FailureReport
    public let request: FailedRequest?
    public let verdict: Verdict
    public private(set) var cause: Cause
    /// The kill, reported earlier in the log, whose victim this failure is about: a consequence.
    public private(set) var kill: Kill?
    /// What the rebuilt machine had; nil where there is none.
    public let figures: FailureFigures?
    /// The walk, zone by zone: those looked at in the order of the walk, then those left out.
    public let zones: [ZoneVerdict]
    /// Who has the memory; nil where the report does not say.
    public let account: MemoryAccount?
    /// The same of the zones that the request may use, where the rest can hold only movable pages; else as ``account``.
    public let usable: MemoryAccount?
    /// What the zones that the request may use hold; nil where they are nearly all of the machine.
    public let places: PlaceAccount?
    /// In the order in which they were tried.
    public let remedies: [Remedy]
    /// What the report does not say, where the answer hangs on it; empty where it does not.
    public let gaps: [Gap]
    /// Who asked, by the call trace; nil where there is none.
    public let requester: Requester?
    /// The machine that the report describes.
    public let machine: ReportedMachine?
    /// The request that decided, and the machine that it was made on; nil where none could be made.
    public let retrial: RetriedRequest?
    /// What was assumed to rebuild it.
    public let assumptions: [Assumption]

    /// A kill of the same log.
    public struct Kill: Hashable, Sendable {
        /// The line at which its report begins.
        public let line: Int
        public let cause: Cause
    }

    /// True, false, or nil where the allocator was not asked or nothing could be rebuilt.
    public var isRefused: Bool? {
        switch verdict {
        case .refuses: true
        case .serves: false
        case .notAsked, .notRebuilt, .undecided: nil
        }
    }

    public init(_ report: FailureReport) { self.init(report, after: []) }

    /// - `earlier`: What the log reported before: a failure may be the consequence of a kill.
    public init(_ report: FailureReport, after earlier: [FailureAnalysis]) {
        self.init(report, victims: Set(earlier.flatMap(\.report.victims)))
        follow(Self.kill(report, earlier))
    }

    /// All that is determined of one report, by itself.
    ///
    /// - `victims`: The processes that the log reported as killed before.
    private init(_ report: FailureReport, victims: Set<Int>) {
        self.report = report
        let requester = Requester(report)
        self.requester = requester
        request = FailedRequest(report, victims: victims)
        let account = report.memory.flatMap { MemoryAccount($0, isWhole: ReportGaps.isWhole($0)) }
        self.account = account
        let finding = FailureFinding(report, request, account)
        verdict = finding.verdict
        gaps = finding.gaps
        let scene = finding.scene
        machine = scene?.machine ?? (finding.verdict == .notRebuilt(.headMissing) ? ReportedMachine(report) : nil)
        if case .notAsked = finding.verdict {
            assumptions = []
        } else {
            assumptions = scene?.assumptions ?? request?.assumptions ?? []
        }
        retrial = scene.map { $0.retrial }
        zones = finding.zones
        figures = scene.map { FailureFigures($0) }
        places = finding.places
        usable = finding.usable ?? account
        cause = finding.cause
        remedies =
            finding.verdict == .undecided
            ? []
            : scene.map {
                RemedyTrial($0, cause: finding.cause, account: account, requester: requester).remedies()
            } ?? Remedy.forLimits(report, cause: finding.cause)
    }

    /// All reports of a log explained, each with those before it in mind.
    ///
    /// - Parameters:
    ///   - reports: In the order of the log.
    ///   - jobs: How many are explained at once; the answers are the same with any number.
    public static func analyses(of reports: [FailureReport], jobs: Int = 1) -> [FailureAnalysis] {
        var victims: [Set<Int>] = []
        var known: Set<Int> = []
        for report in reports {
            victims.append(known)
            known.formUnion(report.victims)
        }
        let before = victims
        let work = OrderedWork(count: reports.count, jobs: jobs) { FailureAnalysis(reports[$0], victims: before[$0]) }
        work.start()
        var analyses: [FailureAnalysis] = []
        for place in reports.indices {
            var analysis = work.result(place)
            analysis.follow(kill(analysis.report, analyses))
            analyses.append(analysis)
        }
        return analyses
    }

    /// A consequence has the cause of what it follows from.
    private mutating func follow(_ kill: Kill?) {
        self.kill = kill
        if let kill { cause = kill.cause }
    }

    /// The kill whose victim this failure is about.
    private static func kill(_ report: FailureReport, _ earlier: [FailureAnalysis]) -> Kill? {
        guard report.kind == .pageAllocationFailure, let pid = report.process?.pid else { return nil }
        return earlier.last { $0.report.oom?.victims.contains { $0.pid == pid } ?? false }
            .map { Kill(line: $0.report.line, cause: $0.cause) }
    }
}

extension FailureReport {
    /// The processes that it reports as killed.
    fileprivate var victims: [Int] { oom?.victims.map(\.pid) ?? [] }
}
