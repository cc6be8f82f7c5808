import Workloads

/// One workload measured on several sides in turns, so that what the machine does beside hits all of them.
public struct Comparison: Sendable {
    public let workload: String
    public let about: String
    public let operations: Int
    /// For each side measured, one duration a round.
    public var times: [SideName: [Duration]] = [:]
    /// False if a side that must give the comparator's page frames gave others; nil if that was not looked at.
    public var answersAreEqual: Bool?

    public init(_ workload: Workload, sides: [SideName], rounds: Int, comparingAnswers: Bool = true) {
        self.workload = workload.name
        about = workload.about
        operations = workload.measured.count
        if comparingAnswers, sides.contains(where: \.mustAnswerAsComparator), sides.contains(.comparator) {
            let expected = workload.answers(of: .comparator)
            answersAreEqual = sides.filter(\.mustAnswerAsComparator).allSatisfy { workload.answers(of: $0) == expected }
        }
        for _ in 0..<rounds {
            for side in sides { times[side, default: []].append(workload.time(on: side)) }
        }
    }

    /// The median over the rounds, in nanoseconds for each operation.
    public func nanoseconds(_ side: SideName) -> Double? {
        times[side].flatMap { median($0.map { $0 / .nanoseconds(1) }) }.map { $0 / Double(operations) }
    }

    /// The median over the rounds of the side's time by the comparator's in the same round: what slows the machine for a
    /// while slows both.
    public func ratio(_ side: SideName) -> Double? {
        guard let own = times[side], let comparator = times[.comparator] else { return nil }
        return median(zip(own, comparator).map { $0 / $1 })
    }

    private func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// Whether the side's target is reached; nil where there is none, or nothing to compare with.
    public func passes(_ side: SideName) -> Bool? {
        guard let target = side.target, let ratio = ratio(side) else { return nil }
        return ratio <= target
    }
}
