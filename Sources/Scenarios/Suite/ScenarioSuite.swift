import GFP
import PageAllocator
import SourceText
import Topology

/// Scenarios played one after another in the same way, as a test suite.
public struct ScenarioSuite: Sendable {
    /// How each is played.
    public struct Options: Sendable {
        /// The kernels under whose rules each is played, one after another; empty: its own.
        public var kernels: [KernelVersion] = []
        /// Changes of rules, in order.
        public var rules: [RuleChange] = []
        /// The machine to begin with, instead of each scenario's own.
        public var machine: Snapshot?
        /// The seed, instead of each scenario's own.
        public var seed: UInt64?
        /// Settings to change before the first step.
        public var settings: [SettingChange] = []
        /// The policy and cpuset of the task that asks, in numactl(8)'s words; empty: none.
        public var placement: [String] = []
        /// How many rounds repeats go through; nil: their own numbers.
        public var rounds: Int?
        /// Check all invariants after so many requests, frees and steps; nil: never.
        public var checkInterval: Int?
        /// What is kept for each result besides its figures.
        public var keeping = ScenarioKeeping()

        public init() {}
    }

    /// A scenario and its result.
    public struct Entry: Sendable {
        /// The file as given.
        public var path: String
        /// The result.
        public var outcome: Outcome
    }

    /// The result of playing a scenario.
    public enum Outcome: Sendable {
        case played(ScenarioResult, topology: Topology)
        /// It could not be read, or no machine could be built.
        case unreadable(String)
    }

    /// How each scenario is played.
    public var options: Options
    /// The results so far, one for each scenario and seed.
    public private(set) var entries: [Entry] = []

    public init(_ options: Options = Options()) { self.options = options }

    /// Whether every expectation was met.
    public var passed: Bool {
        entries.allSatisfy { if case .played(let result, _) = $0.outcome { result.passed } else { false } }
    }

    /// Whether some scenario could not be read.
    public var hasUnreadable: Bool {
        entries.contains { if case .unreadable = $0.outcome { true } else { false } }
    }

    /// Whether some scenario was stopped early.
    public var isInterrupted: Bool {
        entries.contains { if case .played(let result, _) = $0.outcome { result.isInterrupted } else { false } }
    }

    /// Plays a scenario under each kernel's rules.
    ///
    /// - Parameters:
    ///   - path: The scenario's file.
    ///   - watcher: Told of each step and of everything that the machine does; nil: none.
    ///   - shouldContinue: Called from time to time with the number of requests, frees and steps so far; returning
    ///     false stops.
    public mutating func play(
        _ path: String, watcher: (any ScenarioWatcher)? = nil, shouldContinue: (Int) -> Bool = { _ in true }
    ) {
        let kernels: [KernelVersion?] = options.kernels.isEmpty ? [nil] : options.kernels
        for kernel in kernels {
            guard !isInterrupted else { return }
            entries.append(Entry(path: path, outcome: outcome(of: path, kernel: kernel, watcher, shouldContinue)))
        }
    }

    private func outcome(
        of path: String, kernel: KernelVersion?, _ watcher: (any ScenarioWatcher)?, _ shouldContinue: (Int) -> Bool
    ) -> Outcome {
        do {
            var story = try Scenario.load(path, kernel: kernel, snapshot: options.machine)
            if let seed = options.seed { story.seed = seed }
            story.apply(options.rules)
            try story.apply(options.settings)
            if !options.placement.isEmpty {
                story.apply(try TaskPlacement(words: options.placement, topology: story.start.topology))
            }
            if let rounds = options.rounds, !story.repeatSteps(rounds) {
                return .unreadable("\(path): has no \"repeat\" to play \(rounds) times")
            }
            let result = try story.run(
                checkingEvery: options.checkInterval, keeping: options.keeping, watcher: watcher,
                shouldContinue: shouldContinue)
            return .played(result, topology: story.start.topology)
        } catch {
            return .unreadable("\(error)")
        }
    }
}
