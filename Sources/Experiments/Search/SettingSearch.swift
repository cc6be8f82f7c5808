/// Looks for the smallest value of a setting under which every expectation is met.
///
/// It tries some values over the whole range, then bisects between the first of them that passes and the one before. If
/// every larger value passes too, the result is the smallest of all; if not, ``isMonotone`` says so, and a smaller
/// passing value may exist between two that were tried.
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
