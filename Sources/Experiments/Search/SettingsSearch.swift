import OperatingSystem
import PageAllocator
import Scenarios
import Topology

/// Looks for settings under which a scenario's expectations are met: the smallest value of the first setting, for some
/// values of each of the others.
public struct SettingsSearch: Sendable {
    /// What all runs share.
    public let setup: Setup
    /// What is played.
    public let workload: Workload
    /// The settings with their values; the first is minimized.
    public let ranges: [SettingRange]
    /// Whether everything was tried.
    public var isFinished: Bool {
        searches.count == combinations.count && searches.allSatisfy(\.search.isFinished)
    }
    /// The searches, one for each combination of the other settings' values that was tried.
    public private(set) var searches: [Line] = []

    /// The search for one combination of the other settings' values.
    public struct Line: Sendable {
        /// The values of all settings except the first.
        public var others: [Int]
        /// The search for the first setting's value.
        public var search: SettingSearch
    }

    /// How many values of each setting except the first are tried.
    public static let otherProbes = 9

    /// Begins with nothing tried.
    ///
    /// - Parameters:
    ///   - setup: What all runs share.
    ///   - workload: What is played.
    ///   - ranges: The settings: at least one.
    public init(_ setup: Setup, _ workload: Workload, ranges: [SettingRange]) {
        self.setup = setup
        self.workload = workload
        self.ranges = ranges
    }

    /// Searches.
    ///
    /// - Parameters:
    ///   - seeds: The seeds under all of which the expectations must be met; empty: the scenario's own.
    ///   - triesAll: Whether to try every value of the first setting.
    ///   - machines: Where the sources are read.
    ///   - shouldContinue: Called with the number of finished runs; if it returns false, ``RunInterrupted`` is thrown
    ///     and the finished trials stay in ``searches``.
    /// - Throws: ``RunInterrupted``, or what prevents a run, as a sentence.
    public mutating func search(
        seeds: [UInt64], triesAll: Bool, machines: MachineShelf, shouldContinue: (Int) -> Bool
    ) throws {
        var runs = 0
        for others in combinations {
            try add(try search(others, seeds, triesAll, machines, &runs, shouldContinue), with: others)
        }
    }

    /// Keeps the trials of a search.
    ///
    /// - Throws: ``RunInterrupted`` if the search was stopped before its end.
    private mutating func add(_ search: SettingSearch, with others: [Int]) throws {
        if !search.trials.isEmpty { searches.append(Line(others: others, search: search)) }
        guard search.isFinished else { throw RunInterrupted() }
    }

    /// Searches for the first setting's value with given values of the others; the result is unfinished if the caller
    /// stopped it.
    private func search(
        _ others: [Int], _ seeds: [UInt64], _ triesAll: Bool, _ machines: MachineShelf, _ runs: inout Int,
        _ shouldContinue: (Int) -> Bool
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
                    guard shouldContinue(run) else { throw RunInterrupted() }
                    let outcome = try setup.play(workload, seed: seed, machines: machines) { shouldContinue(run) }
                    if !outcome.passed { return outcome.failures }
                }
                return []
            }
        } catch is RunInterrupted {}
        return search
    }

    /// Searches with several searches at once, one for each combination of the others' values; ``searches`` has the
    /// same contents and order for any number of them.
    ///
    /// - Parameters:
    ///   - seeds: The seeds under all of which the expectations must be met; empty: the scenario's own.
    ///   - triesAll: Whether to try every value of the first setting.
    ///   - machines: Where the sources are read.
    ///   - jobs: How many searches run at once.
    ///   - shouldContinue: Called regularly, on any thread; if it returns false, ``RunInterrupted`` is thrown.
    ///   - report: Called on the caller's thread with the number of finished searches.
    /// - Throws: ``RunInterrupted``, or what prevents a run, as a sentence.
    package mutating func search(
        seeds: [UInt64], triesAll: Bool, machines: MachineShelf, jobs: Int,
        shouldContinue: @escaping @Sendable () -> Bool,
        report: (Int) -> Void
    ) throws {
        let lines = combinations
        let plain = self
        let work = OrderedWork(count: lines.count, jobs: jobs) { place in
            Result {
                var runs = 0
                return try plain.search(lines[place], seeds, triesAll, machines, &runs) { _ in shouldContinue() }
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
