/// Looks for the smallest value of a setting under which every expectation is met.
///
/// Some values over the whole range are tried, and then, by halves, those between the first of them that does and the one
/// before. Where each larger one does too, that is the smallest of all; where not, that is said, and a smaller one may
/// hide between two that were tried.
public struct SettingSearch: Hashable, Sendable {
    public let range: SettingRange
    /// What was tried, by value.
    public private(set) var trials: [Trial] = []
    /// Nothing is left to be tried.
    public private(set) var isFinished = false

    public struct Trial: Hashable, Sendable {
        public var value: Int
        /// What failed; empty: everything did.
        public var failures: [String]

        public var passed: Bool { failures.isEmpty }
    }

    /// How many values over the whole range are tried first.
    public static let probes = 17

    public init(_ range: SettingRange) { self.range = range }

    /// The smallest value tried that holds.
    public var smallest: Int? { trials.first(where: \.passed)?.value }

    /// Whether every value tried beyond ``smallest`` holds too.
    public var isMonotone: Bool {
        trials.drop { !$0.passed }.allSatisfy(\.passed)
    }

    /// Whether there was no value of the range between the answer and the next smaller one tried.
    public var isExhaustive: Bool { trials.count == range.count }

    /// Searches.
    ///
    /// - Parameters:
    ///   - triesAll: Try every value of the range.
    ///   - failures: Plays with a value and says what failed; what it throws ends the search.
    public mutating func search(triesAll: Bool = false, _ failures: (Int) throws -> [String]) rethrows {
        var known: [Int: Bool] = [:]
        func holds(_ position: Int, _ trials: inout [Trial]) throws -> Bool {
            if let answer = known[position] { return answer }
            let value = range.value(position)
            let trial = Trial(value: value, failures: try failures(value))
            let place = trials.firstIndex { $0.value > value } ?? trials.count
            trials.insert(trial, at: place)
            known[position] = trial.passed
            return trial.passed
        }
        let probes = range.probes(triesAll ? range.count : Self.probes)
        var first: Int?
        for (place, probe) in probes.enumerated() where try holds(probe, &trials) {
            if first == nil { first = place }
        }
        guard let first, first > 0 else {
            isFinished = true
            return
        }
        var (fails, passes) = (probes[first - 1], probes[first])
        while passes - fails > 1 {
            let middle = fails + (passes - fails) / 2
            if try holds(middle, &trials) { passes = middle } else { fails = middle }
        }
        isFinished = true
    }
}
