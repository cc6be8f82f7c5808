import SourceText
import GFP
import Topology

/// Why words do not name a policy.
public struct PolicyWordsError: Error, Hashable, Sendable, CustomStringConvertible {
    public var description: String
}

extension MemoryPolicy {
    /// The policy in numactl's words: `--membind 0-1`; nil for the default.
    public var words: String? {
        func list(_ nodes: NodeMask) -> String { TaskPlacement.list(nodes.nodes) }
        switch self {
        case .default: return nil
        case .local: return "--localalloc"
        case .bind(let nodes): return "--membind \(list(nodes))"
        case .preferred(let node): return "--preferred \(node)"
        case .preferredMany(let nodes): return "--preferred-many \(list(nodes))"
        case .interleave(let nodes): return "--interleave \(list(nodes))"
        case .weightedInterleave(let nodes, let weights):
            return "--weighted-interleave " + nodes.nodes.map { "\($0):\(weights[$0] ?? 1)" }.joined(separator: ",")
        }
    }
}

extension TaskPlacement {
    /// The words that `init(words:topology:)` accepts: those of `numactl`, and `--cpuset-mems`.
    public static let words = [
        "--membind", "--preferred", "--preferred-many", "--interleave", "--weighted-interleave", "--localalloc",
        "--cpunodebind", "--physcpubind", "--cpuset-mems",
    ]

    /// The words that may be used together with a policy.
    private static let others: Set = ["--cpunodebind", "--physcpubind", "--cpuset-mems"]

    /// Reads a placement in the words of `numactl`: `--membind 0,1`, `--interleave all`, `--preferred 1`,
    /// `--cpunodebind 0`, and for a cpuset `--cpuset-mems 0-1`. A value may also follow an equals sign. Weights follow
    /// a colon, as in `--weighted-interleave 0:3,1:1`; without one a node's weight is 1.
    ///
    /// - Parameters:
    ///   - words: The words.
    ///   - topology: The machine, which must have the nodes and CPUs named.
    /// - Throws: ``PolicyWordsError`` for words that are unknown or contradict each other, for nodes that do not exist
    ///   or have no memory, and for anything that the machine's kernel does not accept.
    public init(words: [String], topology: Topology) throws(PolicyWordsError) {
        self.init()
        var rest = words.flatMap { word -> [String] in
            guard word.hasPrefix("--"), let equals = word.firstIndex(of: "=") else { return [word] }
            return [String(word[..<equals]), String(word[word.index(after: equals)...])]
        }[...]
        var policyWord: String?
        var given: Set<String> = []
        while let word = rest.popFirst() {
            guard Self.words.contains(word) else {
                throw PolicyWordsError(
                    description: "\"\(word)\" is not a placement"
                        + Spelling.suggestion(for: word, among: Self.words) + "; there are "
                        + Self.words.joined(separator: ", "))
            }
            guard given.insert(word).inserted else {
                throw PolicyWordsError(description: "\(word) is given twice: give one list, as \(word) 0,1")
            }
            if !Self.others.contains(word) {
                if let policyWord {
                    throw PolicyWordsError(description: "\(policyWord) and \(word) contradict each other: give one")
                }
                policyWord = word
            }
            if word == "--localalloc" {
                policy = .local
                continue
            }
            guard let value = rest.popFirst() else {
                throw PolicyWordsError(description: "\(word) needs a value, as \(word) 0,1")
            }
            try apply(word, value, topology)
        }
        if given.isSuperset(of: ["--cpunodebind", "--physcpubind"]) {
            throw PolicyWordsError(description: "--cpunodebind and --physcpubind contradict each other: give one")
        }
        if let problem = cpusetProblem(on: topology) { throw PolicyWordsError(description: problem) }
    }

    /// Why the kernel would not accept the cpuset with this policy; nil if it would.
    public func cpusetProblem(on topology: Topology) -> String? {
        guard let cpuset else { return nil }
        let memory = Self.nodesWithMemory(topology)
        guard memory.contains(where: { cpuset.nodes.contains($0) }) else {
            return "the cpuset has no node with memory: allow one of \(Self.list(memory))"
        }
        let nodes: NodeMask
        switch policy {
        case .default, .local: return nil
        case .preferred(let node): nodes = NodeMask([node])
        case .bind(let mask), .preferredMany(let mask), .interleave(let mask), .weightedInterleave(let mask, _):
            nodes = mask
        }
        guard !nodes.nodes.contains(where: { cpuset.nodes.contains($0) }) else { return nil }
        return "the policy's nodes, \(Self.list(nodes.nodes)), are outside the cpuset, "
            + "\(Self.list(cpuset.nodes.nodes)): set_mempolicy(2) refuses that (EINVAL)"
    }

    private mutating func apply(_ word: String, _ value: String, _ topology: Topology) throws(PolicyWordsError) {
        switch word {
        case "--physcpubind":
            let known = topology.nodes.flatMap(\.cpus).map { Int($0.rawValue) }
            cpus = try Self.numbers(value, of: word, among: known).map { CPUID($0) }
            guard !cpus.isEmpty else { throw PolicyWordsError(description: "\(word) \(value): this leaves no CPU") }
        case "--cpunodebind":
            let known = topology.nodes.map { Int($0.id.rawValue) }
            let nodes = try Self.numbers(value, of: word, among: known).map { NodeID($0) }
            cpus = topology.nodes.filter { nodes.contains($0.id) }.flatMap(\.cpus)
            guard !cpus.isEmpty else {
                throw PolicyWordsError(description: "--cpunodebind \(value): these nodes have no CPU")
            }
        case "--weighted-interleave":
            guard topology.kernel.has(.weightedInterleave) else {
                throw PolicyWordsError(
                    description:
                        "\(word) came with Linux \(KernelFeature.weightedInterleave.release), and this machine's kernel is \(topology.kernel); "
                        + "--kernel 6.12 takes the rules of a newer one")
            }
            let (list, weights) = try Self.weights(value, of: word)
            let nodes = try Self.memoryNodes(list, of: word, topology)
            policy = .weightedInterleave(NodeMask(nodes), weights: weights)
        default:
            let nodes = try Self.memoryNodes(value, of: word, topology)
            switch word {
            case "--membind": policy = .bind(NodeMask(nodes))
            case "--interleave": policy = .interleave(NodeMask(nodes))
            case "--cpuset-mems": cpuset = Cpuset(NodeMask(nodes))
            case "--preferred-many": policy = .preferredMany(NodeMask(nodes))
            default:
                guard nodes.count == 1 else {
                    throw PolicyWordsError(description: "--preferred takes one node; for several use --preferred-many")
                }
                policy = .preferred(nodes[0])
            }
        }
    }

    /// Separates `0:3,1` into the list `0,1` and the weights given.
    private static func weights(
        _ text: String, of word: String
    ) throws(PolicyWordsError) -> (list: String, weights: [NodeID: Int]) {
        var list: [String] = []
        var weights: [NodeID: Int] = [:]
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let halves = part.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            list.append(String(halves[0]))
            guard halves.count == 2 else { continue }
            guard let weight = Int(halves[1]), (1...255).contains(weight) else {
                throw PolicyWordsError(
                    description: "\(word) \(text): \"\(halves[1])\" is not a weight; write 1 to 255, as 0:3,1:1")
            }
            guard let nodes = try? NumberList.parse(halves[0], below: NodeID.limit), !nodes.isEmpty else {
                throw PolicyWordsError(
                    description: "\(word) \(text): \"\(halves[0])\" is not a number or range; write 0:3,1:1")
            }
            for node in nodes { weights[NodeID(node)] = weight }
        }
        return (list.joined(separator: ","), weights)
    }

    /// Reads the nodes to take memory from; `all` means those that have some.
    private static func memoryNodes(
        _ text: String, of word: String, _ topology: Topology
    ) throws(PolicyWordsError) -> [NodeID] {
        let memory = nodesWithMemory(topology)
        if text == "all" { return memory }
        let nodes = try numbers(text, of: word, among: topology.nodes.map { Int($0.id.rawValue) }).map { NodeID($0) }
        if text.hasPrefix("!") {
            let left = nodes.filter(memory.contains)
            guard !left.isEmpty else {
                throw PolicyWordsError(description: "\(word) \(text): this leaves no node with memory")
            }
            return left
        }
        if let empty = nodes.first(where: { !memory.contains($0) }) {
            throw PolicyWordsError(
                description: "\(word) \(text): node \(empty) has no memory; these have: \(list(memory))")
        }
        return nodes
    }

    private static func nodesWithMemory(_ topology: Topology) -> [NodeID] {
        topology.nodes.filter { !$0.memory.isEmpty }.map(\.id).sorted()
    }

    fileprivate static func list(_ nodes: [NodeID]) -> String { NumberList.format(nodes.map { Int($0.rawValue) }) }

    /// Reads a list such as `0,2-3`, or `all`; a leading `!` means all others.
    private static func numbers(_ text: String, of word: String, among known: [Int]) throws(PolicyWordsError) -> [Int] {
        if text == "all" { return known.sorted() }
        let isInverted = text.hasPrefix("!")
        let list = isInverted ? text.dropFirst() : text[...]
        var chosen = Set<Int>()
        let ranges: [ClosedRange<Int>]
        do throws(NumberList.Invalid) {
            ranges = try NumberList.ranges(list)
        } catch {
            throw PolicyWordsError(
                description: "\(word) \(text): \"\(error.part)\" is not a number or range; write 0,2-3 or all")
        }
        guard !ranges.isEmpty else {
            throw PolicyWordsError(
                description: "\(word) \(text): \"\(list)\" is not a number or range; write 0,2-3 or all")
        }
        for range in ranges {
            let (first, last) = (range.lowerBound, range.upperBound)
            let inRange = known.filter(range.contains)
            guard known.contains(first), known.contains(last) else {
                let what = word == "--physcpubind" ? "CPU" : "node"
                throw PolicyWordsError(
                    description: "\(word) \(text): the machine has no \(what) \(known.contains(first) ? last : first); "
                        + "it has \(NumberList.format(known.sorted()))")
            }
            chosen.formUnion(inRange)
        }
        return known.sorted().filter { chosen.contains($0) != isInverted }
    }
}
