import FailureAnalysis
import KernelLog

/// Many reports in a few lines: how many of which kind, since when, whether of one cause or of several, and whether
/// they become more frequent.
struct FailureSummary {
    let analyses: [FailureAnalysis]
    /// The number of reports that were counted but not explained.
    let omitted: Int

    /// The number of reports from which on a summary is shown first.
    static let threshold = 6

    var sentences: [String] {
        [counts, causes, time].compactMap { $0 }
    }

    /// "12 reports: 10 page-allocation-failure, 2 oom-kill."
    private var counts: String? {
        let kinds = Self.tally(analyses.map(\.report.kind.rawValue))
        let all = analyses.count + omitted
        let rest = omitted > 0 ? ", and \(omitted) that were only counted" : ""
        return "\(all) reports: " + kinds.map { "\($0.count) \($0.name)" }.joined(separator: ", ") + rest + "."
    }

    private var causes: String? {
        let told = Self.tally(analyses.map(\.cause.rawValue))
        guard let first = told.first else { return nil }
        if told.count == 1 { return "All have one cause: \(first.name)." }
        return "Causes: " + told.map { "\($0.count) \($0.name)" }.joined(separator: ", ") + "."
    }

    /// The period by the kernel's time stamps; nil if there are too few.
    private var time: String? {
        let stamps = analyses.compactMap { $0.report.timestamp.flatMap { Double($0) } }
        guard stamps.count >= Self.threshold, let first = stamps.first, let last = stamps.last, last > first else {
            return nil
        }
        let middle = first + (last - first) / 2
        let later = stamps.count { $0 >= middle }
        let earlier = stamps.count - later
        let trend =
            later >= 2 * max(1, earlier)
            ? "most of them in the second half of that time: it is getting worse"
            : earlier >= 2 * max(1, later)
                ? "most of them in the first half of that time: it is getting better" : "evenly over that time"
        return "From \(Self.text(first)) to \(Self.text(last)) after the boot, \(trend)."
    }

    /// "3 h 20 min", "45 s".
    private static func text(_ seconds: Double) -> String {
        let seconds = Int(min(max(0, seconds), 1e12))
        if seconds < 120 { return "\(seconds) s" }
        if seconds < 7200 { return "\(seconds / 60) min" }
        return seconds < 172_800 ? "\(seconds / 3600) h \(seconds % 3600 / 60) min" : "\(seconds / 86_400) days"
    }

    private static func tally(_ names: [String]) -> [(name: String, count: Int)] {
        names.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
            .map { (name: $0.key, count: $0.value) }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }
}
