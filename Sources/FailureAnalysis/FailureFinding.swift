import GFP
import KernelLog
import PageAllocator
import Topology

/// What was found about a report: the verdict, the cause, and the scene from which they were determined.
struct FailureFinding {
    private(set) var verdict: FailureAnalysis.Verdict
    private(set) var cause = Cause.unknown
    private(set) var scene: FailureScene?
    private(set) var zones: [ZoneVerdict] = []
    private(set) var gaps: [Gap] = []
    /// What the zones that the request may use hold; nil if they are nearly the whole machine.
    private(set) var places: PlaceAccount?
    /// What the memory that the request could have had is used for; nil if the report does not say.
    private(set) var usable: MemoryAccount?

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
        // Who was still trying when it was reported is told by the kind alone.
        if report.kind == .allocationStall { cause = .allocationStall }
        let bench = TrialBench()
        do {
            guard let scene = try FailureScene(report, request, bench: bench) else {
                if let restriction = Self.withoutZones(report, request) { (verdict, cause) = (.refuses, restriction) }
                return
            }
            tell(scene, account)
            // For a request that only SLUB names, too little is known to say that it would have been served.
            if report.kind == .memoryInfo, !scene.isRefused {
                (verdict, cause, gaps) = (.undecided, .unknown, [.request])
                return
            }
            let found = ReportGaps(
                report, request, architecture: scene.machine.snapshot.topology.architecture)
            if !found.all.isEmpty {
                let other = try FailureScene(report, request, completion: .favourable, bench: bench)
                decide(found, against: other)
            }
        } catch {
            verdict = .notRebuilt(.impossible("\(error)"))
        }
    }

    /// The cause if no zone is listed. Kernels that list only zones up to the highest allowed one list none, and no
    /// node, if none of those has memory (`node_has_managed_zones`, 6.1): if a complete report says that memory is
    /// free, the request's mask excludes it.
    private static func withoutZones(_ report: FailureReport, _ request: FailedRequest) -> Cause? {
        guard let memory = report.memory, memory.zones.isEmpty, memory.nodes.isEmpty,
            report.assumedKernel.has(.reportsOfAllowedZones), !report.isMixed, (0...63).contains(request.order),
            memory.counters["free"] ?? 0 > 0, memory.pageTotals["RAM"] ?? 0 > 0, memory.pageTotals["reserved"] != nil
        else { return nil }
        let highest = request.highestZone(ZoneKind.allCases) ?? .normal
        guard highest < .movable else { return nil }
        return highest < .normal ? .zoneExhausted : .movableOnly
    }

    private mutating func tell(_ scene: FailureScene, _ account: MemoryAccount?) {
        self.scene = scene
        places = PlaceAccount(scene, account)
        usable = account?.limited(to: places, scene)
        verdict = scene.isRefused ? .refuses : .serves(scene.record.zone)
        cause = CauseFinder(scene, account: usable).cause()
        if scene.report.kind == .allocationStall { cause = .allocationStall }
        zones = ZoneVerdict.table(of: scene)
    }

    /// With gaps, a result is valid only if it is the same however they are filled.
    private mutating func decide(_ found: ReportGaps, against other: FailureScene?) {
        guard let scene, let other else { return }
        let second = ZoneVerdict.table(of: other)
        for index in zones.indices {
            let twin = second.first { $0.zone == zones[index].zone }
            if twin?.outcome != zones[index].outcome { zones[index].outcome = .notTold }
        }
        let otherCause = CauseFinder(other, account: usable).cause()
        let isSame = otherCause == cause || scene.report.kind == .allocationStall
        let isLost = found.hasLostZones
        let isCertain =
            isSame && scene.isRefused == other.isRefused && !isLost && !found.all.contains(.mixed)
            && !found.all.contains(.order)
        // Damage, and memory that may have been freed since, are too much to guess together.
        let isCarried =
            (scene.freedSince.isEmpty || !found.concernZones) && found.carries(cause, usable, in: scene)
        guard !isCertain || !isCarried else { return }
        verdict = .undecided
        cause = .unknown
        gaps = found.all
        // Whatever follows from the figures that were filled in.
        for index in zones.indices where zones[index].mark == nil || zones[index].free == nil {
            zones[index].outcome = .notTold
        }
    }
}
