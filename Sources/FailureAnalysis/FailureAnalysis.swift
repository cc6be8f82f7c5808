import BuddyEngine
import GFP
import OperatingSystem
import KernelLog
import PageAllocator
import Topology

/// Explains a report of memory running out: the machine is rebuilt from it, the same request is made again, the cause
/// is determined, and remedies are tried.
///
/// Every report has a result, whatever the log says, though it may be ``Cause/unknown``.
public struct FailureAnalysis: Sendable {
    /// Whether the rebuilt machine refuses the request as the kernel did.
    public enum Verdict: Hashable, Sendable {
        case refuses
        /// It would have been served by this zone.
        case serves(ZoneReference?)
        /// The page allocator was not asked, or did not refuse for lack of memory.
        case notAsked(NoRefusal)
        case notRebuilt(NotRebuilt)
        /// The result depends on something that the report does not state, see ``FailureAnalysis/gaps``.
        case undecided
    }

    /// The report.
    public let report: FailureReport
    /// The request that failed; nil if the report names none.
    public let request: FailedRequest?
    /// Whether the rebuilt machine refuses the request.
    public let verdict: Verdict
    /// The cause.
    public private(set) var cause: Cause
    /// The kill, reported earlier in the log, of which this failure is a consequence: its task was the victim.
    public private(set) var kill: Kill?
    /// What likely happened between the refusal and the printed state, if that state would serve the request; otherwise
    /// nil.
    public private(set) var course: LikelyCourse?
    /// What the rebuilt machine had; nil if there is none.
    public let figures: FailureFigures?
    /// The walk, zone by zone: those tested, in order of the walk, then those skipped.
    public let zones: [ZoneVerdict]
    /// What the memory is used for; nil if the report does not say.
    public let account: MemoryAccount?
    /// The same for the zones that the request may use, if the others can only have movable pages; otherwise
    /// ``account``.
    public let usable: MemoryAccount?
    /// What the zones that the request may use hold; nil if they are nearly the whole machine.
    public let places: PlaceAccount?
    /// The remedies, in the order in which they were tried.
    public let remedies: [Remedy]
    /// What the report does not state and the result depends on; empty if it depends on nothing of the kind.
    public let gaps: [Gap]
    /// Who made the request, by the call trace; nil if there is none.
    public let requester: Requester?
    /// The machine that the report describes.
    public let machine: ReportedMachine?
    /// The request that was made, and the machine on which it was made; nil if none could be made.
    public let retrial: RetriedRequest?
    /// What was assumed to rebuild the machine.
    public let assumptions: [Assumption]

    /// A kill reported earlier in the same log.
    public struct Kill: Hashable, Sendable {
        /// The line at which its report begins.
        public let line: Int
        /// The kill's cause.
        public let cause: Cause
    }

    /// Whether the machine refuses the request; nil if the allocator was not asked, or nothing could be rebuilt.
    public var isRefused: Bool? {
        switch verdict {
        case .refuses: true
        case .serves: false
        case .notAsked, .notRebuilt, .undecided: nil
        }
    }

    public init(_ report: FailureReport) { self.init(report, after: []) }

    /// Explains a report; `earlier` are those before it in the log, since a failure may be the consequence of a kill.
    public init(_ report: FailureReport, after earlier: [FailureAnalysis]) {
        self.init(report, victims: Set(earlier.flatMap(\.report.victims)))
        follow(Self.kill(report, earlier), earlier)
    }

    /// Determines everything about one report by itself.
    ///
    /// - Parameters:
    ///   - report: The report.
    ///   - victims: The processes that the log has reported as killed before.
    private init(_ report: FailureReport, victims: Set<Int>) {
        self.report = report
        let request = FailedRequest(report, victims: victims)
        self.request = request
        let requester = Requester(report, request)
        self.requester = requester
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
            ? scene.flatMap { RemedyTrial.certain(on: $0, gaps: finding.gaps, account: account) } ?? []
            : scene.map {
                RemedyTrial($0, cause: finding.cause, account: account, requester: requester).remedies()
            } ?? Remedy.forLimits(report, cause: finding.cause)
    }

    /// Explains all reports of a log, each with regard to those before it.
    ///
    /// - Parameters:
    ///   - reports: In the order of the log.
    ///   - jobs: How many are explained at once, which does not affect the results.
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
            analysis.follow(kill(analysis.report, analyses), analyses)
            analyses.append(analysis)
        }
        return analyses
    }

    /// Takes over the cause of the kill that this failure is a consequence of, and looks at what was before.
    private mutating func follow(_ kill: Kill?, _ earlier: [FailureAnalysis]) {
        self.kill = kill
        if let kill { cause = kill.cause }
        course = LikelyCourse(self, after: earlier)
    }

    /// The kill whose victim this failure is about.
    private static func kill(_ report: FailureReport, _ earlier: [FailureAnalysis]) -> Kill? {
        guard report.kind == .pageAllocationFailure, let pid = report.process?.pid else { return nil }
        return earlier.last { $0.report.oom?.victims.contains { $0.pid == pid } ?? false }
            .map { Kill(line: $0.report.line, cause: $0.cause) }
    }
}

extension FailureReport {
    /// The process IDs that it reports as killed.
    fileprivate var victims: [Int] { oom?.victims.map(\.pid) ?? [] }
}
