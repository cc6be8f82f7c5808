import ArgumentParser
import PageAllocator
import Topology

/// The placement of the requesting task: the options of numactl(8), and a cpuset.
struct PlacementOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Take memory only from these nodes, as in 0,1.", valueName: "nodes"))
    var membind: String?

    @Option(help: ArgumentHelp("Take memory from this node first.", valueName: "node"))
    var preferred: String?

    @Option(help: ArgumentHelp("Take memory from these nodes first.", valueName: "nodes"))
    var preferredMany: String?

    @Option(help: ArgumentHelp("Take memory from these nodes in turn, as in 0-2 or all.", valueName: "nodes"))
    var interleave: String?

    @Option(
        help: ArgumentHelp(
            "Take memory from these nodes in turn, with this many pages from each, as in 0:3,1:1.",
            valueName: "node:weight,...")
    )
    var weightedInterleave: String?

    @Flag(help: "Take memory from the CPU's node first.")
    var localalloc = false

    @Option(help: ArgumentHelp("Run on the CPUs of these nodes.", valueName: "nodes"))
    var cpunodebind: String?

    @Option(help: ArgumentHelp("Run on these CPUs.", valueName: "cpus"))
    var physcpubind: String?

    @Option(
        help: ArgumentHelp("Run in a cpuset with the memory of these nodes (cpuset.mems).", valueName: "nodes"))
    var cpusetMems: String?

    /// The options in the words that `TaskPlacement` reads.
    var words: [String] {
        let given: [(String, String?)] = [
            ("--membind", membind), ("--preferred", preferred), ("--preferred-many", preferredMany),
            ("--interleave", interleave), ("--weighted-interleave", weightedInterleave), ("--cpunodebind", cpunodebind),
            ("--physcpubind", physcpubind), ("--cpuset-mems", cpusetMems),
        ]
        return (localalloc ? ["--localalloc"] : []) + given.flatMap { word, value in value.map { [word, $0] } ?? [] }
    }

    var isGiven: Bool { !words.isEmpty }

    var description: String { words.joined(separator: " ") }

    /// The placement; nil if no option was given.
    func placement(on topology: Topology) throws(PolicyWordsError) -> TaskPlacement? {
        isGiven ? try TaskPlacement(words: words, topology: topology) : nil
    }
}
