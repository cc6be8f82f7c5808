import ArgumentParser
import Measurement
import Workloads

@main
struct Ratios: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compares numazones with a kernel-shaped buddy allocator in C, in one run.",
        discussion: """
            Sides take turns, so that what else the machine does hits all of them. Times and ratios are medians over the \
            rounds, with the least beside them. \
            Exits with 1 if the engine gives other page frames than the comparator, or, with --gate, if a target is \
            missed.
            """)

    @Option(help: ArgumentHelp("Only this workload; may be given again.", valueName: "W1|W2|W3|W5"))
    var only: [WorkloadName] = []

    @Option(help: ArgumentHelp("Only this side; may be given again.", valueName: "name"))
    var side: [SideName] = []

    @Option(help: "How often each side runs each workload.")
    var rounds = 7

    @Option(help: "Instead of the workload's own number of operations: for counting instructions.")
    var operations: Int?

    @Option(help: "The seed that operations are drawn from.")
    var seed: UInt64 = 2026

    @Option(
        help: ArgumentHelp(
            "Another build of the comparator, a shared library; may be given again. The quickest counts.",
            valueName: "library"))
    var comparator: [String] = []

    @Flag(help: "Small sizes and one round: shows that everything works, not how fast.")
    var smoke = false

    @Flag(help: "Do not compare answers beforehand.")
    var noAnswers = false

    @Flag(help: "Exit with 1 if a target is missed.")
    var gate = false

    @Flag(help: "Print JSON instead of a table.")
    var json = false

    func validate() throws {
        guard rounds > 0 else { throw ValidationError("--rounds must be at least 1.") }
        guard operations.map({ $0 > 0 }) ?? true else { throw ValidationError("--operations must be at least 1.") }
    }

    func run() throws {
        var builds = [ComparatorBuild.builtIn]
        for path in comparator {
            guard let build = ComparatorBuild(library: path) else {
                throw ValidationError("\(path) cannot be opened, or is no comparator; Benchmarks/compare makes some.")
            }
            builds.append(build)
        }
        let names = only.isEmpty ? WorkloadName.allCases : only
        // First, while the process has used no memory yet.
        let huge =
            try names.contains(.hugeMachine)
            ? HugeMachine(requests: operations ?? (smoke ? 10_000 : 1_000_000), seed: seed) : nil
        let comparisons = names.compactMap { name in
            name.workload(operations: operations, seed: seed, isSmall: smoke).map {
                Comparison(
                    $0, sides: side.isEmpty ? SideName.allCases : side, rounds: smoke ? 1 : rounds,
                    comparingAnswers: !noAnswers, builds: builds)
            }
        }
        let result = Result(comparisons: comparisons, huge: huge)
        print(json ? result.json : result.table, terminator: "")
        if result.isWrong || gate && result.missesTarget { throw ExitCode(1) }
    }
}

/// The workloads by name; full sizes, or small ones that only show that everything works.
enum WorkloadName: String, CaseIterable, ExpressibleByArgument {
    case fillAndFree = "W1"
    case steadyMix = "W2"
    case largeSteadyMix = "W3"
    case hugeMachine = "W5"

    /// Nil for the one that is not a stream of operations to compare.
    func workload(operations: Int?, seed: UInt64, isSmall: Bool) -> Workload? {
        let gibibytes = self == .largeSteadyMix ? 64 : 1
        let pages = Workload.pagesPerGiB * gibibytes / (isSmall ? 16 : 1)
        let count = operations ?? (isSmall ? 100_000 : 4_000_000)
        switch self {
        case .fillAndFree:
            return .fillAndFree(name: rawValue, pages: operations.map { max($0 / 2048, 1) * 1024 } ?? pages)
        case .steadyMix, .largeSteadyMix:
            return .steadyMix(name: rawValue, pages: pages, operations: count, seed: seed)
        case .hugeMachine:
            return nil
        }
    }
}

extension SideName: ExpressibleByArgument {}
