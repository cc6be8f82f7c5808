import KernelLog
import Topology

/// The reports of a log that came shortly before one, by the kernel's time stamps.
struct EarlierReports {
    private let report: FailureReport
    /// With the seconds between each and the report, in order of the log.
    private let recent: [(analysis: FailureAnalysis, seconds: Double)]

    /// As many are looked at as could matter; a log may have thousands.
    private static let most = 64

    init(_ report: FailureReport, _ earlier: [FailureAnalysis]) {
        self.report = report
        guard let now = Self.time(report.timestamp) else {
            recent = []
            return
        }
        recent = earlier.suffix(Self.most).compactMap { analysis in
            guard let then = Self.time(analysis.report.timestamp), (0...LikelyCourse.window).contains(now - then) else {
                return nil
            }
            return (analysis, now - then)
        }
    }

    private static func time(_ stamp: String?) -> Double? {
        stamp.flatMap(Double.init).flatMap { $0.isFinite ? $0 : nil }
    }

    /// The refusals among them; nil: there are none.
    var refusals: LikelyCourse.Step? {
        let refused = recent.filter { [.pageAllocationFailure, .slubFailure].contains($0.analysis.report.kind) }
        guard let first = refused.first else { return nil }
        let urgent = refused.count { !($0.analysis.request?.maySleep ?? true) }
        return .refusedBefore(reports: refused.count, urgent: urgent, seconds: Int(first.seconds))
    }

    /// The last kill among them; nil: there is none.
    var lastKill: LikelyCourse.Step? {
        guard let last = recent.last(where: { !($0.analysis.report.oom?.victims.isEmpty ?? true) }),
            let victim = last.analysis.report.oom?.victims.last
        else { return nil }
        let kibibytes = ["anon-rss", "file-rss", "shmem-rss"].reduce(0) {
            $0 + min(max(0, victim.kibibytes[$1] ?? 0), 1 << 42)
        }
        let pageSize = max(1, (report.memory?.assumedPageSize ?? 4096) / 1024)
        return .killed(
            name: victim.name, pid: victim.pid, pages: kibibytes / pageSize, seconds: Int(last.seconds))
    }

    /// What of the zones' marks and reserves was more in the last report that has them.
    func changes(_ analysis: FailureAnalysis, places: [ZoneReference]) -> [LikelyCourse.Step] {
        var steps: [LikelyCourse.Step] = []
        func sum(_ analysis: FailureAnalysis, _ name: String) -> Int? {
            guard let memory = analysis.report.memory else { return nil }
            let figures = Self.zones(memory, places).compactMap { $0.kibibytes[name] }
            guard figures.count == places.count else { return nil }
            return memory.pages(figures.reduce(0) { $0 &+ min(max(0, $1), 1 << 42) })
        }
        if let now = sum(analysis, "boost"), let then = recent.compactMap({ sum($0.analysis, "boost") }).last,
            then > now
        {
            steps.append(.boostDecayed(from: then, to: now))
        }
        if let now = sum(analysis, "reserved_highatomic"),
            let then = recent.compactMap({ sum($0.analysis, "reserved_highatomic") }).last, then > now
        {
            steps.append(.releasedHighAtomic(from: then, to: now))
        }
        return steps
    }

    /// What the last of them has as free in the zones; nil: none lists them all.
    func free(places: [ZoneReference]) -> Int? {
        recent.compactMap { entry -> Int? in
            let figures = entry.analysis.zones.filter { places.contains($0.zone) }.compactMap(\.free)
            return figures.count == places.count ? figures.reduce(0, &+) : nil
        }.last
    }

    /// How many milliseconds passed between the report's first line and its first zone; nil: the log does not say, or
    /// none.
    var printingTime: Int? {
        guard let start = Self.time(report.timestamp), let end = Self.time(report.stateTimestamp),
            case let time = (end - start) * 1000, (1...600_000).contains(time)
        else { return nil }
        return Int(time.rounded())
    }

    private static func zones(
        _ memory: FailureReport.MemoryInfo, _ places: [ZoneReference]
    ) -> [FailureReport.ZoneUsage] {
        memory.zones.filter { zone in
            guard let kind = zone.kind, let node = NodeID(exactly: zone.node) else { return false }
            return places.contains(ZoneReference(node: node, kind: kind))
        }
    }
}
