import KernelLog
import PageAllocator
import Topology

/// What came of a report: the verdict, the cause, and the scene that they were told from.
struct FailureFinding {
    private(set) var verdict: FailureAnalysis.Verdict
    private(set) var cause = Cause.unknown
    private(set) var scene: FailureScene?
    private(set) var zones: [ZoneVerdict] = []
    private(set) var gaps: [Gap] = []

    init(_ report: FailureReport, _ request: FailedRequest?, _ account: MemoryAccount?) {
        if let special = ReportKindRule(report, request) {
            verdict = special.verdict
            cause = special.cause
            if verdict == .notRebuilt(.headMissing), let machine = ReportedMachine(report) {
                gaps = [.request]
                zones = ZoneVerdict.table(of: machine, report)
            }
            return
        }
        guard let request else {
            verdict = .notRebuilt(.requestNotNamed)
            return
        }
        verdict = .notRebuilt(.noZones)
        do {
            guard let scene = try FailureScene(report, request) else { return }
            tell(scene, account)
            let found = ReportGaps(
                report, request, architecture: scene.machine.snapshot.topology.architecture)
            if !found.all.isEmpty {
                let other = try FailureScene(report, request, completion: .favourable)
                decide(found, against: other, account)
            }
        } catch {
            verdict = .notRebuilt(.impossible("\(error)"))
        }
    }

    private mutating func tell(_ scene: FailureScene, _ account: MemoryAccount?) {
        self.scene = scene
        verdict = scene.isRefused ? .refuses : .serves(scene.record.zone)
        cause = CauseFinder(scene, account: account).cause()
        if scene.report.kind == .allocationStall { cause = .allocationStall }
        zones = ZoneVerdict.table(of: scene)
    }

    /// With gaps an answer stands only if it is the same however they are filled in.
    private mutating func decide(_ found: ReportGaps, against other: FailureScene?, _ account: MemoryAccount?) {
        guard let scene, let other else { return }
        let second = ZoneVerdict.table(of: other)
        for index in zones.indices {
            let twin = second.first { $0.zone == zones[index].zone }
            if twin?.outcome != zones[index].outcome { zones[index].outcome = .notTold }
        }
        let otherCause = CauseFinder(other, account: account).cause()
        let isSame = otherCause == cause || scene.report.kind == .allocationStall
        let isLost = found.hasLostZones
        let isCertain =
            isSame && scene.isRefused == other.isRefused && !isLost && !found.all.contains(.mixed)
            && !found.all.contains(.order)
        guard !isCertain || !found.carries(cause, account, isElsewhereListed: scene.isMuchFreeListedElsewhere)
        else { return }
        verdict = .undecided
        cause = .unknown
        gaps = found.all
    }
}
