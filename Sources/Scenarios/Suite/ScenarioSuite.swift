import GFP
import PageAllocator
import SourceText
import Topology

/// Scenarios played one after another in the same way, as a test suite.
public struct ScenarioSuite: Sendable {
    /// How each is played.
    public struct Options: Sendable {
        /// The kernels whose rules each is played by, one after another; empty: its own.
        public var kernels: [KernelVersion] = []
        /// Rules that are not the kernel's, in the order in which they are changed.
        public var rules: [RuleChange] = []
        /// The machine to begin with, in place of each scenario's own.
        public var machine: Snapshot?
        /// In place of each scenario's own.
        public var seed: UInt64?
        public var settings: [SettingChange] = []
        /// The policy and cpuset of the task that asks, in the words of numactl(8); empty: none.
        public var placement: [String] = []
        /// How often repeats are gone through; nil: as they say.
        public var rounds: Int?
        /// Check all invariants each time that so much has been done; nil: never.
        public var checkInterval: Int?
        /// What is kept for each result beside its figures.
        public var keeping = ScenarioKeeping()

        public init() {}
    }

    /// A scenario, and what came of it.
    public struct Entry: Sendable {
        /// The file, as given.
        public var path: String
        public var outcome: Outcome
    }

    public enum Outcome: Sendable {
        case played(ScenarioResult, topology: Topology)
        /// It could not be read, or no machine can be built.
        case unreadable(String)
    }

    public var options: Options
    public private(set) var entries: [Entry] = []

    public init(_ options: Options = Options()) { self.options = options }

    /// Whether every expectation was met.
    public var passed: Bool {
        entries.allSatisfy { if case .played(let result, _) = $0.outcome { result.passed } else { false } }
    }

    public var hasUnreadable: Bool {
        entries.contains { if case .unreadable = $0.outcome { true } else { false } }
    }

    public var isInterrupted: Bool {
        entries.contains { if case .played(let result, _) = $0.outcome { result.isInterrupted } else { false } }
    }

    /// Plays a scenario by each kernel's rules.
    ///
    /// - Parameters:
    ///   - path: A scenario's file.
    ///   - watcher: Informed of each step and everything that the machine does; nil: nobody watches.
    ///   - goesOn: Called now and then with how many requests, frees and steps there have been; false stops.
    public mutating func play(
        _ path: String, watcher: (any ScenarioWatcher)? = nil, goesOn: (Int) -> Bool = { _ in true }
    ) {
        let kernels: [KernelVersion?] = options.kernels.isEmpty ? [nil] : options.kernels
        for kernel in kernels {
            guard !isInterrupted else { return }
            entries.append(Entry(path: path, outcome: outcome(of: path, kernel: kernel, watcher, goesOn)))
        }
    }

    private func outcome(
        of path: String, kernel: KernelVersion?, _ watcher: (any ScenarioWatcher)?, _ goesOn: (Int) -> Bool
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
                checkingEvery: options.checkInterval, keeping: options.keeping, watcher: watcher, goesOn: goesOn)
            return .played(result, topology: story.start.topology)
        } catch {
            return .unreadable("\(error)")
        }
    }
}
