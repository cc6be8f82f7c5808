import OperatingSystem
import PageAllocator
import Scenarios
import Topology

/// Looks for settings under which a scenario's expectations are met: the smallest value of the first, for some values of
/// each of the others.
public struct SettingsSearch: Sendable {
    public let setup: Setup
    public let workload: Workload
    public let ranges: [SettingRange]
    /// Whether all that there is to try was tried.
    public var isFinished: Bool {
        searches.count == combinations.count && searches.allSatisfy(\.search.isFinished)
    }
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
    ///   - goesOn: Called with how many runs there have been; false ends with ``RunInterrupted``, and what was tried
    ///     stays in ``searches``.
    public mutating func search(
        seeds: [UInt64], triesAll: Bool, machines: MachineShelf, goesOn: (Int) -> Bool
    ) throws {
        var runs = 0
        for others in combinations {
            try add(try search(others, seeds, triesAll, machines, &runs, goesOn), with: others)
        }
    }

    /// Keeps what was tried.
    ///
    /// - Throws: ``RunInterrupted`` if the search was stopped before its end.
    private mutating func add(_ search: SettingSearch, with others: [Int]) throws {
        if !search.trials.isEmpty { searches.append(Line(others: others, search: search)) }
        guard search.isFinished else { throw RunInterrupted() }
    }

    /// Searches for the first setting's value with the others' as given, and is not finished if it was stopped.
    private func search(
        _ others: [Int], _ seeds: [UInt64], _ triesAll: Bool, _ machines: MachineShelf, _ runs: inout Int,
        _ goesOn: (Int) -> Bool
    ) throws -> SettingSearch {
        let seeds: [UInt64?] = seeds.isEmpty ? [nil] : seeds
        var search = SettingSearch(ranges[0])
        do {
            try search.search(triesAll: triesAll) { value in
                var setup = self.setup
                for (range, value) in zip(ranges, [value] + others) {
                    setup.settings.append(SettingChange(name: range.name, value: "\(value)"))
                }
                for seed in seeds {
                    runs += 1
                    let run = runs
                    guard goesOn(run) else { throw RunInterrupted() }
                    let outcome = try setup.play(workload, seed: seed, machines: machines) { goesOn(run) }
                    if !outcome.passed { return outcome.failures }
                }
                return []
            }
        } catch is RunInterrupted {}
        return search
    }

    /// The same, with several searches at once, one for each combination of the others' values; ``searches`` comes out the
    /// same with any number of them.
    ///
    /// - Parameters:
    ///   - seeds: All of which must come out; empty: the scenario's own.
    ///   - triesAll: Try every value of the first.
    ///   - machines: Where the sources are read.
    ///   - jobs: How many searches at once.
    ///   - goesOn: Asked now and then, on any thread; false ends with ``RunInterrupted``.
    ///   - report: Called on the caller's thread with how many searches are done.
    package mutating func search(
        seeds: [UInt64], triesAll: Bool, machines: MachineShelf, jobs: Int, goesOn: @escaping @Sendable () -> Bool,
        report: (Int) -> Void
    ) throws {
        let lines = combinations
        let plain = self
        let work = OrderedWork(count: lines.count, jobs: jobs) { place in
            Result {
                var runs = 0
                return try plain.search(lines[place], seeds, triesAll, machines, &runs) { _ in goesOn() }
            }
        }
        work.start()
        defer { work.cancel() }
        for place in lines.indices {
            report(place)
            try add(try work.result(place).get(), with: lines[place])
        }
    }

    private var combinations: [[Int]] {
        ranges.dropFirst().reduce([[]]) { lines, range in
            lines.flatMap { line in range.probes(Self.otherProbes).map { line + [range.value($0)] } }
        }
    }
}
