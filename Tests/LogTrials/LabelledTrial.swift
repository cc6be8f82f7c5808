import FailureAnalysis
import KernelLog

/// Makes shortages with a known cause, and counts those whose log is told with that cause.
public struct LabelledTrial: Sendable {
    public private(set) var right = 0
    /// Logs told otherwise, each in a line.
    public private(set) var misses: [String] = []

    public init() {}

    /// - Returns: The log, and the release of the kernel that it is written as.
    /// - Throws: If the machine cannot be made.
    @discardableResult
    public mutating func run(_ truth: Cause, seed: UInt64) throws -> (text: String, release: String) {
        var made = HeldOutCase(truth, seed: seed)
        let text = try made.report().text
        let analyses = FailureAnalysis.analyses(of: LogScanner.reports(in: text))
        let told = analyses.map(\.cause)
        if told == [truth] {
            right += 1
        } else {
            let verdict = analyses.first.map { "\($0.verdict)" } ?? "no report"
            let causes = told.map(\.rawValue).joined(separator: ", ")
            misses.append("\(truth.rawValue), \(made.release), seed \(seed): told \(causes); \(verdict)")
        }
        return (text, made.release)
    }
}
