/// Looks for the smallest value of a setting under which every expectation is met.
///
/// Some values over the whole range are tried, and then, by halves, those between the first of them that does and the one
/// before. Where each larger one does too, that is the smallest of all; where not, that is said, and a smaller one may
/// hide between two that were tried. Then the value is looked for as well from which on each that is tried does.
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

    /// The smallest value from which on every one tried holds; nil: the largest does not. Where ``isMonotone``, it is
    /// ``smallest``.
    public var steady: Int? { trials.reversed().prefix(while: \.passed).last?.value }

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
        /// Halves what is between a position that fails and a larger one that holds.
        func narrow(_ low: Int, _ high: Int, _ trials: inout [Trial]) throws {
            var (fails, passes) = (low, high)
            while passes - fails > 1 {
                let middle = fails + (passes - fails) / 2
                if try holds(middle, &trials) { passes = middle } else { fails = middle }
            }
        }
        let probes = range.probes(triesAll ? range.count : Self.probes)
        for probe in probes { _ = try holds(probe, &trials) }
        func isRise(_ place: Int) -> Bool { known[probes[place]] == false && known[probes[place + 1]] == true }
        let rises = probes.indices.dropLast().filter(isRise)
        // The first probe that holds has none below it, or one that fails.
        if let first = rises.first, known[probes[0]] == false { try narrow(probes[first], probes[first + 1], &trials) }
        if let last = rises.last, rises.count > 1 || known[probes[0]] == true, known[probes[probes.count - 1]] == true {
            try narrow(probes[last], probes[last + 1], &trials)
        }
        isFinished = true
    }
}
