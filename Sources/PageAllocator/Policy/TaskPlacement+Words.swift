import Topology

/// What is wrong with words that name a policy.
public struct PolicyWordsError: Error, Hashable, Sendable, CustomStringConvertible {
    public var description: String
}

extension TaskPlacement {
    /// The words that `init(words:topology:)` knows, as `numactl` has them.
    public static let words = [
        "--membind", "--preferred", "--preferred-many", "--interleave", "--weighted-interleave", "--cpunodebind",
        "--physcpubind", "--localalloc",
    ]

    /// Reads a placement in the words of `numactl`: `--membind 0,1`, `--interleave all`, `--preferred 1`,
    /// `--cpunodebind 0`. A value may also follow an equals sign.
    ///
    /// - `topology`: The machine; its nodes and CPUs are the only ones there are.
    public init(words: [String], topology: Topology) throws(PolicyWordsError) {
        self.init()
        var rest = words.flatMap { word -> [String] in
            guard word.hasPrefix("--"), let equals = word.firstIndex(of: "=") else { return [word] }
            return [String(word[..<equals]), String(word[word.index(after: equals)...])]
        }[...]
        var policyWord: String?
        while let word = rest.popFirst() {
            guard Self.words.contains(word) else {
                throw PolicyWordsError(
                    description: "\"\(word)\" is no placement"
                        + Spelling.suggestion(for: word, among: Self.words) + "; there are "
                        + Self.words.joined(separator: ", "))
            }
            if !["--cpunodebind", "--physcpubind"].contains(word) {
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
    }

    private mutating func apply(_ word: String, _ value: String, _ topology: Topology) throws(PolicyWordsError) {
        if word == "--physcpubind" {
            let known = topology.nodes.flatMap(\.cpus)
            cpus = try Self.numbers(value, of: word, among: known.map { Int($0.rawValue) }).map { CPUID($0) }
            return
        }
        let nodes = try Self.numbers(value, of: word, among: topology.nodes.map { Int($0.id.rawValue) }).map {
            NodeID($0)
        }
        switch word {
        case "--membind": policy = .bind(NodeMask(nodes))
        case "--preferred":
            guard nodes.count == 1 else {
                throw PolicyWordsError(description: "--preferred takes one node; for several use --preferred-many")
            }
            policy = .preferred(nodes[0])
        case "--preferred-many": policy = .preferredMany(NodeMask(nodes))
        case "--interleave": policy = .interleave(NodeMask(nodes))
        case "--weighted-interleave": policy = .weightedInterleave(NodeMask(nodes), weights: [:])
        default:
            cpus = topology.nodes.filter { nodes.contains($0.id) }.flatMap(\.cpus)
            guard !cpus.isEmpty else {
                throw PolicyWordsError(description: "--cpunodebind \(value): these nodes have no CPU")
            }
        }
    }

    /// A list as `0,2-3`, or `all`; `!` before it means all others.
    private static func numbers(_ text: String, of word: String, among known: [Int]) throws(PolicyWordsError) -> [Int] {
        if text == "all" { return known.sorted() }
        let isInverted = text.hasPrefix("!")
        var chosen = Set<Int>()
        for part in (isInverted ? text.dropFirst() : text[...]).split(separator: ",", omittingEmptySubsequences: false)
        {
            let ends = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { Int($0) }
            guard let first = ends[0], let last = ends.count == 1 ? first : ends[1], first <= last else {
                throw PolicyWordsError(
                    description: "\(word) \(text): \"\(part)\" is no number or range; write 0,2-3 or all")
            }
            let inRange = known.filter { $0 >= first && $0 <= last }
            guard known.contains(first), known.contains(last) else {
                throw PolicyWordsError(
                    description: "\(word) \(text): the machine has no \(known.contains(first) ? last : first); it has "
                        + known.sorted().map { "\($0)" }.joined(separator: ","))
            }
            chosen.formUnion(inRange)
        }
        return known.sorted().filter { chosen.contains($0) != isInverted }
    }
}
