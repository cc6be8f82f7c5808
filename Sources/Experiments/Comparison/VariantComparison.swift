import OperatingSystem

/// The same workloads played on several machines, or on one machine in several ways, under several seeds.
public struct VariantComparison: Sendable {
    /// The variants.
    public private(set) var setups: [Setup]
    /// The workloads that are played on each variant.
    public private(set) var workloads: [Workload]
    /// The seeds to play with; nil: the workload's own.
    public private(set) var seeds: [UInt64?]
    /// The finished runs: ordered by workload, then by variant, then by seed.
    public private(set) var runs: [Run] = []

    /// One finished run.
    public struct Run: Sendable {
        /// The index of the variant in ``VariantComparison/setups``.
        public var setup: Int
        /// The index of the workload in ``VariantComparison/workloads``.
        public var workload: Int
        /// The seed; nil: the workload's own.
        public var seed: UInt64?
        /// The result.
        public var outcome: RunOutcome
    }

    /// Plans the runs without playing them.
    ///
    /// - Parameters:
    ///   - setups: The variants: at least one, with distinct names.
    ///   - workloads: What is played on each variant.
    ///   - seeds: The seeds to play with; empty: each workload's own.
    /// - Throws: ``SetupError`` if there are no variants or two have the same name.
    public init(_ setups: [Setup], workloads: [Workload], seeds: [UInt64] = []) throws(SetupError) {
        self.setups = setups
        self.workloads = workloads
        self.seeds = seeds.isEmpty ? [nil] : seeds
        for (place, setup) in setups.enumerated() where setups[..<place].contains(where: { $0.name == setup.name }) {
            throw SetupError("two variants are called \"\(setup.name)\": give each a name of its own")
        }
    }

    /// The number of runs that are planned.
    public var plannedRuns: Int { workloads.count * setups.count * seeds.count }

    /// Plays all runs.
    ///
    /// - Parameters:
    ///   - machines: Where the sources are read.
    ///   - shouldContinue: Called with the number of finished runs; if it returns false, ``RunInterrupted`` is thrown
    ///     and the finished runs stay in ``runs``.
    /// - Throws: ``RunInterrupted``, or what prevents a run, as a sentence.
    public mutating func play(_ machines: MachineShelf, shouldContinue: (Int) -> Bool) throws {
        for workload in workloads.indices {
            for setup in setups.indices {
                for seed in seeds {
                    let done = runs.count
                    guard shouldContinue(done) else { throw RunInterrupted() }
                    let outcome = try setups[setup].play(workloads[workload], seed: seed, machines: machines) {
                        shouldContinue(done)
                    }
                    runs.append(Run(setup: setup, workload: workload, seed: seed, outcome: outcome))
                }
            }
        }
    }

    /// Plays all runs, several at once; ``runs`` has the same contents and order for any number of them.
    ///
    /// - Parameters:
    ///   - machines: Where the sources are read.
    ///   - jobs: How many runs are played at once.
    ///   - shouldContinue: Called regularly, on any thread; if it returns false, ``RunInterrupted`` is thrown and the
    ///     finished runs stay in ``runs``.
    ///   - report: Called on the caller's thread with the number of finished runs.
    /// - Throws: ``RunInterrupted``, or what prevents a run, as a sentence.
    package mutating func play(
        _ machines: MachineShelf, jobs: Int, shouldContinue: @escaping @Sendable () -> Bool, report: (Int) -> Void
    ) throws {
        var planned: [(workload: Int, setup: Int, seed: UInt64?)] = []
        for workload in workloads.indices {
            for setup in setups.indices { planned += seeds.map { (workload, setup, $0) } }
        }
        let (workloads, setups, plan) = (workloads, setups, planned)
        let work = OrderedWork(count: plan.count, jobs: jobs) { place in
            let run = plan[place]
            return Result {
                try setups[run.setup].play(
                    workloads[run.workload], seed: run.seed, machines: machines, shouldContinue: shouldContinue)
            }
        }
        work.start()
        defer { work.cancel() }
        for (place, run) in plan.enumerated() {
            report(place)
            guard shouldContinue() else { throw RunInterrupted() }
            runs.append(
                Run(setup: run.setup, workload: run.workload, seed: run.seed, outcome: try work.result(place).get()))
        }
    }

    /// The finished runs of a workload on a variant, by seed.
    public func runs(setup: Int, workload: Int) -> [Run] {
        runs.filter { $0.setup == setup && $0.workload == workload }
    }

    /// How a figure of a variant spreads over the seeds; nil if nothing was played.
    public func spread(_ measure: Measure, setup: Int, workload: Int) -> Spread? {
        Spread(runs(setup: setup, workload: workload).map { $0.outcome.figures[measure] })
    }

    /// Whether every expectation was met in every finished run.
    public var passed: Bool { runs.allSatisfy(\.outcome.passed) }
}
