/// Looks for the smallest value of a setting under which every expectation is met.
///
/// It tries some values over the whole range, then bisects between the first of them that passes and the one before. If
/// every larger value passes too, the result is the smallest of all; if not, ``isMonotone`` says so, and a smaller
/// passing value may exist between two that were tried. It then also looks for ``steady``, the value from which on every
/// tried one passes.
public struct SettingSearch: Hashable, Sendable {
    /// The values to search.
    public let range: SettingRange
    /// The trials, by value.
    public private(set) var trials: [Trial] = []
    /// Whether there is nothing left to try.
    public private(set) var isFinished = false

    /// The result of one value.
    public struct Trial: Hashable, Sendable {
        /// The value.
        public var value: Int
        /// The expectations that failed; empty: all were met.
        public var failures: [String]

        /// Whether all expectations were met.
        public var passed: Bool { failures.isEmpty }
    }

    /// How many values over the whole range are tried first.
    public static let probes = 17

    /// Begins with nothing tried.
    ///
    /// - Parameters:
    ///   - range: The values to search.
    public init(_ range: SettingRange) { self.range = range }

    /// The smallest value that passed; nil: none did.
    public var smallest: Int? { trials.first(where: \.passed)?.value }

    /// Whether every tried value above ``smallest`` passed too.
    public var isMonotone: Bool {
        trials.drop { !$0.passed }.allSatisfy(\.passed)
    }

    /// The smallest value from which on every tried one passes; nil: the largest does not. Equal to ``smallest`` if
    /// ``isMonotone``.
    public var steady: Int? { trials.reversed().prefix(while: \.passed).last?.value }

    /// Whether every value of the range was tried.
    public var isExhaustive: Bool { trials.count == range.count }

    /// Searches.
    ///
    /// - Parameters:
    ///   - triesAll: Whether to try every value of the range.
    ///   - failures: Plays with a value and returns the expectations that failed; an error that it throws ends the
    ///     search.
    /// - Throws: What `failures` throws.
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
