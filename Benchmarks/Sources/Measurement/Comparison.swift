import Workloads

/// One workload measured on several sides in turns, so that what the machine does beside hits all of them.
public struct Comparison: Sendable {
    public let workload: String
    public let about: String
    public let operations: Int
    /// For each side measured, one duration a round.
    public var times: [SideName: [Duration]] = [:]
    /// The comparator's, by its builds.
    private var timesOfBuilds: [String: [Duration]] = [:]
    /// False if a side that must give the comparator's page frames gave others; nil if that was not looked at.
    public var answersAreEqual: Bool?

    /// - Parameters:
    ///   - workload: What is done.
    ///   - sides: Who does it.
    ///   - rounds: How often.
    ///   - comparingAnswers: Whether page frames are compared before.
    ///   - builds: The comparator's, at least one: in each round the quickest of them counts.
    public init(
        _ workload: Workload, sides: [SideName], rounds: Int, comparingAnswers: Bool = true,
        builds: [ComparatorBuild] = [.builtIn]
    ) {
        self.workload = workload.name
        about = workload.about
        operations = workload.measured.count
        if comparingAnswers, sides.contains(where: \.mustAnswerAsComparator), sides.contains(.comparator) {
            let expected = workload.answers(of: .comparator)
            answersAreEqual = sides.filter(\.mustAnswerAsComparator).allSatisfy { workload.answers(of: $0) == expected }
        }
        for _ in 0..<rounds {
            for side in sides { measure(side, of: workload, builds) }
        }
    }

    private mutating func measure(_ side: SideName, of workload: Workload, _ builds: [ComparatorBuild]) {
        guard side == .comparator else { return times[side, default: []].append(workload.time(on: side)) }
        let own = builds.map { ($0.name, workload.time(on: .comparator, $0)) }
        for (name, time) in own { timesOfBuilds[name, default: []].append(time) }
        times[side, default: []].append(own.map(\.1).min() ?? .zero)
    }

    /// The least over the rounds, in nanoseconds for each operation.
    public func least(_ side: SideName) -> Double? {
        times[side]?.min().map { $0 / .nanoseconds(1) / Double(operations) }
    }

    /// The side's least time by the comparator's least.
    public func leastRatio(_ side: SideName) -> Double? {
        guard let own = least(side), let comparator = least(.comparator) else { return nil }
        return own / comparator
    }

    /// Each build of the comparator by name, in nanoseconds for each operation: median and least.
    public var builds: [(name: String, median: Double, least: Double)] {
        timesOfBuilds.sorted { $0.key < $1.key }.compactMap { name, times in
            let each = times.map { $0 / .nanoseconds(1) / Double(operations) }
            guard let middle = median(each), let least = each.min() else { return nil }
            return (name, middle, least)
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

    /// How much of the comparator's time a side may take.
    public func target(_ side: SideName) -> Double? { side.target(in: workload) }

    /// Whether the side's target is reached; nil where there is none, or nothing to compare with.
    public func passes(_ side: SideName) -> Bool? {
        guard let target = target(side), let ratio = ratio(side) else { return nil }
        return ratio <= target
    }
}
