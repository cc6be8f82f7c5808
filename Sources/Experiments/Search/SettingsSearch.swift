import PageAllocator
import Scenarios
import Topology

/// Looks for settings under which a scenario's expectations are met: the smallest value of the first, for some values of
/// each of the others.
public struct SettingsSearch: Sendable {
    public let setup: Setup
    public let workload: Workload
    public let ranges: [SettingRange]
    /// One for each combination of the others' values that was tried.
    public private(set) var searches: [Line] = []

    public struct Line: Sendable {
        /// The values of the settings but the first.
        public var others: [Int]
        public var search: SettingSearch
    }

    /// How many values of each setting but the first are tried.
    public static let otherProbes = 9

    /// - Parameters:
    ///   - setup: What is the same in each run.
    ///   - workload: What is played.
    ///   - ranges: At least one.
    public init(_ setup: Setup, _ workload: Workload, ranges: [SettingRange]) {
        self.setup = setup
        self.workload = workload
        self.ranges = ranges
    }

    /// Searches.
    ///
    /// - Parameters:
    ///   - seeds: All of which must come out; empty: the scenario's own.
    ///   - triesAll: Try every value of the first.
    ///   - machines: Where the sources are read.
    ///   - goesOn: Told how many runs there have been; false ends with ``RunInterrupted``.
    public mutating func search(
        seeds: [UInt64], triesAll: Bool, machines: MachineShelf, goesOn: (Int) -> Bool
    ) throws {
        var runs = 0
        let seeds: [UInt64?] = seeds.isEmpty ? [nil] : seeds
        for others in combinations {
            var search = SettingSearch(ranges[0])
            try search.search(triesAll: triesAll) { value in
                var setup = self.setup
                for (range, value) in zip(ranges, [value] + others) {
                    setup.settings.append(SettingChange(name: range.name, value: "\(value)"))
                }
                for seed in seeds {
                    runs += 1
                    guard goesOn(runs) else { throw RunInterrupted() }
                    let outcome = try setup.play(workload, seed: seed, machines: machines) { goesOn(runs) }
                    if !outcome.passed { return outcome.failures }
                }
                return []
            }
            searches.append(Line(others: others, search: search))
        }
    }

    private var combinations: [[Int]] {
        ranges.dropFirst().reduce([[]]) { lines, range in
            lines.flatMap { line in range.probes(Self.otherProbes).map { line + [range.value($0)] } }
        }
    }
}
