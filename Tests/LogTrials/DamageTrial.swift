import FailureAnalysis
import KernelLog

/// Damages logs, and counts what is said about them: the cause of the whole log, or that it cannot be determined. Another cause is
/// a miss.
public struct DamageTrial: Sendable {
    /// A whole log, and what is said about it.
    public struct Log: Sendable {
        let name: String
        let lines: [String]
        let truth: Set<Cause>

        public init(_ text: String, named name: String) {
            self.name = name
            lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            truth = Set(DamageTrial.causes(text))
        }
    }

    /// Reports told as those of the whole log.
    public private(set) var alike = 0
    /// Reports of which the cause "cannot be determined".
    public private(set) var untold = 0
    /// Reports told with a cause that the whole log has not, each in a line.
    public private(set) var misses: [String] = []

    public init() {}

    static func causes(_ text: String) -> [Cause] {
        FailureAnalysis.analyses(of: LogScanner.reports(in: text)).map(\.cause)
    }

    public mutating func run(_ log: Log, _ way: LogDamage, seed: UInt64) {
        for cause in Self.causes(way.applied(to: log.lines, seed: seed)) {
            if cause == .unknown {
                untold += 1
            } else if log.truth.contains(cause) {
                alike += 1
            } else {
                let truth = log.truth.map(\.rawValue).sorted().joined(separator: ", ")
                misses.append("\(log.name), \(way), seed \(seed): \(cause.rawValue), not \(truth)")
            }
        }
    }
}
