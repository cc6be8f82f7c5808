import OperatingSystem

/// Workloads played on several machines, or on one in several ways, under several seeds.
public struct VariantComparison: Sendable {
    public private(set) var setups: [Setup]
    public private(set) var workloads: [Workload]
    /// One for each seed; nil: the workload's own.
    public private(set) var seeds: [UInt64?]
    /// Workload by workload, in each variant by variant, in each seed by seed.
    public private(set) var runs: [Run] = []

    public struct Run: Sendable {
        public var setup: Int
        public var workload: Int
        public var seed: UInt64?
        public var outcome: RunOutcome
    }

    /// - Parameters:
    ///   - setups: The variants; at least one, each of another name.
    ///   - workloads: What is played on each.
    ///   - seeds: Empty: each workload's own.
    public init(_ setups: [Setup], workloads: [Workload], seeds: [UInt64] = []) throws(SetupError) {
        self.setups = setups
        self.workloads = workloads
        self.seeds = seeds.isEmpty ? [nil] : seeds
        for (place, setup) in setups.enumerated() where setups[..<place].contains(where: { $0.name == setup.name }) {
            throw SetupError("two variants are called \"\(setup.name)\": give each a name of its own")
        }
    }

    /// How many runs there are to be.
    public var plannedRuns: Int { workloads.count * setups.count * seeds.count }

    /// Makes all runs. Nothing else is played.
    ///
    /// - Parameters:
    ///   - machines: Where the sources are read.
    ///   - goesOn: Called with how many runs are done; false ends with ``RunInterrupted``, and what is done stays in ``runs``.
    public mutating func play(_ machines: MachineShelf, goesOn: (Int) -> Bool) throws {
        for workload in workloads.indices {
            for setup in setups.indices {
                for seed in seeds {
                    let done = runs.count
                    guard goesOn(done) else { throw RunInterrupted() }
                    let outcome = try setups[setup].play(workloads[workload], seed: seed, machines: machines) {
                        goesOn(done)
                    }
                    runs.append(Run(setup: setup, workload: workload, seed: seed, outcome: outcome))
                }
            }
        }
    }

    /// The same, with several runs at once; ``runs`` comes out the same with any number of them.
    ///
    /// - Parameters:
    ///   - machines: Where the sources are read.
    ///   - jobs: How many runs at once.
    ///   - goesOn: Asked now and then, on any thread; false ends with ``RunInterrupted``, and what is done stays in ``runs``.
    ///   - report: Called on the caller's thread with how many runs are done.
    package mutating func play(
        _ machines: MachineShelf, jobs: Int, goesOn: @escaping @Sendable () -> Bool, report: (Int) -> Void
    ) throws {
        var planned: [(workload: Int, setup: Int, seed: UInt64?)] = []
        for workload in workloads.indices {
            for setup in setups.indices { planned += seeds.map { (workload, setup, $0) } }
        }
        let (workloads, setups, plan) = (workloads, setups, planned)
        let work = OrderedWork(count: plan.count, jobs: jobs) { place in
            let run = plan[place]
            return Result {
                try setups[run.setup].play(workloads[run.workload], seed: run.seed, machines: machines, goesOn: goesOn)
            }
        }
        work.start()
        defer { work.cancel() }
        for (place, run) in plan.enumerated() {
            report(place)
            guard goesOn() else { throw RunInterrupted() }
            runs.append(
                Run(setup: run.setup, workload: run.workload, seed: run.seed, outcome: try work.result(place).get()))
        }
    }

    public func runs(setup: Int, workload: Int) -> [Run] {
        runs.filter { $0.setup == setup && $0.workload == workload }
    }

    /// How a figure of a variant lies over the seeds; nil where nothing was played.
    public func spread(_ measure: Measure, setup: Int, workload: Int) -> Spread? {
        Spread(runs(setup: setup, workload: workload).map { $0.outcome.figures[measure] })
    }

    /// Whether every expectation was met, in every run.
    public var passed: Bool { runs.allSatisfy(\.outcome.passed) }
}
