import BuddyEngine
import GFP
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
        /// The page allocator was not asked, or not for want of memory: why.
        case notAsked(String)
        /// No machine can be built from the report: why.
        case notRebuilt(String)
    }

    public let report: FailureReport
    public let request: FailedRequest?
    public let verdict: Verdict
    public let cause: Cause
    /// For a tired person: which request, where it could look, what stopped it.
    public let sentence: String
    /// The walk, zone by zone: those looked at in the order of the walk, then those left out.
    public let zones: [ZoneVerdict]
    /// Who has the memory; nil where the report does not say.
    public let account: MemoryAccount?
    /// In the order in which they were tried.
    public let remedies: [Remedy]
    /// The machine that the report describes.
    public let machine: ReportedMachine?
    /// What was assumed to rebuild it: one sentence each.
    public let assumptions: [String]

    /// True, false, or nil where the allocator was not asked or nothing could be rebuilt.
    public var isRefused: Bool? {
        switch verdict {
        case .refuses: true
        case .serves: false
        case .notAsked, .notRebuilt: nil
        }
    }

    public init(_ report: FailureReport) { self.init(report, after: []) }

    /// - `earlier`: What the log told before: a failure may be the consequence of a kill.
    public init(_ report: FailureReport, after earlier: [FailureAnalysis]) {
        self.report = report
        account = report.memory.flatMap { MemoryAccount($0) }
        let victims = Set(earlier.flatMap { $0.report.oom?.victims.map(\.pid) ?? [] })
        request = FailedRequest(report, victims: victims)
        let finding = Self.finding(report, request)
        verdict = finding.verdict
        machine = finding.scene?.machine
        if case .notAsked = finding.verdict {
            assumptions = []
        } else {
            assumptions = finding.scene?.assumptions ?? request?.assumptions ?? []
        }
        let scene = finding.scene
        zones = scene.map { ZoneVerdict.table(of: $0) } ?? []
        let kill = Self.kill(report, earlier)
        cause = kill?.cause ?? finding.cause
        remedies = scene.map { RemedyTrial($0, cause: finding.cause).remedies() } ?? []
        let words = FailureSentence(report: report, request: request, scene: scene, account: account)
        sentence = kill.map { words.consequence(of: $0) } ?? words.text(finding.cause, verdict: finding.verdict)
    }

    /// All reports of a log explained, each with those before it in mind.
    public static func analyses(of reports: [FailureReport]) -> [FailureAnalysis] {
        reports.reduce(into: []) { $0.append(FailureAnalysis($1, after: $0)) }
    }

    /// The kill whose victim this failure is about: a consequence has the cause of what it follows from.
    private static func kill(_ report: FailureReport, _ earlier: [FailureAnalysis]) -> FailureAnalysis? {
        guard report.kind == .pageAllocationFailure, let pid = report.process?.pid else { return nil }
        return earlier.last { $0.report.oom?.victims.contains { $0.pid == pid } ?? false }
    }
}

extension FailureAnalysis {
    private struct Finding {
        var verdict: Verdict
        var cause: Cause
        var scene: FailureScene?
    }

    private static func finding(_ report: FailureReport, _ request: FailedRequest?) -> Finding {
        if let special = ReportKindRule(report, request) {
            return Finding(verdict: special.verdict, cause: special.cause, scene: nil)
        }
        guard let request else {
            return Finding(verdict: .notRebuilt("the report does not say what was asked"), cause: .unknown)
        }
        do {
            guard let scene = try FailureScene(report, request) else {
                return Finding(verdict: .notRebuilt("the report lists no zones"), cause: .unknown)
            }
            let verdict: Verdict = scene.isRefused ? .refuses : .serves(scene.record.zone)
            return Finding(verdict: verdict, cause: CauseFinder(scene).cause(), scene: scene)
        } catch {
            return Finding(verdict: .notRebuilt("\(error)"), cause: .unknown)
        }
    }
}
