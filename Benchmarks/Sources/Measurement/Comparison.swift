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
        guard let times = times[side]?.sorted(), !times.isEmpty else { return nil }
        let middle = times.count / 2
        let median = times.count % 2 == 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2
        return median / .nanoseconds(1) / Double(operations)
    }

    /// The side's time by the comparator's.
    public func ratio(_ side: SideName) -> Double? {
        guard let own = nanoseconds(side), let comparator = nanoseconds(.comparator) else { return nil }
        return own / comparator
    }

    /// Whether the side's target is reached; nil where there is none, or nothing to compare with.
    public func passes(_ side: SideName) -> Bool? {
        guard let target = side.target, let ratio = ratio(side) else { return nil }
        return ratio <= target
    }
}
