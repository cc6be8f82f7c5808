import BuddyEngine
import GFP
import SourceText

extension Topology {
    /// Everything that is wrong or odd, in order of the machine's description. A topology without an error can be
    /// built.
    public func validate() -> [SourceProblem] {
        validate(skipping: [])
    }

    /// Groups of checks that are skipped for a description of which only part could be read.
    enum Check {
        /// What the machine as a whole must have, such as memory and a CPU.
        case totals
        case distances
        case derived
    }

    func validate(skipping skipped: Set<Check>) -> [SourceProblem] {
        var problems = pageProblems()
        if !skipped.contains(.totals) { problems += totalProblems() }
        problems += nodeProblems() + cpuProblems() + memoryProblems()
        if !skipped.contains(.distances) { problems += distanceProblems() }
        problems += zoneLimitProblems() + sysctlProblems()
        // Consequences can only be computed for a machine without errors.
        if !skipped.contains(.derived), !problems.contains(where: { $0.severity == .error }) {
            problems += bootProblems() + derivedProblems()
        }
        return problems
    }

    /// The first error, apart from problems that only show once memory is divided into zones: ``validate()`` reports
    /// those. O(memory ranges and CPUs), plus the square of the number of nodes.
    public var firstError: SourceProblem? {
        validate(skipping: [.derived]).first { $0.severity == .error }
    }

    /// The first error in page sizes, nodes, CPUs and settings: for a machine whose zones and memory come from
    /// elsewhere.
    public var firstStructuralError: SourceProblem? {
        (pageProblems() + nodeProblems() + cpuProblems() + sysctlProblems()).first { $0.severity == .error }
    }

    /// The first sysctl that this machine's kernel would not take.
    public func firstError(of sysctls: Sysctls) -> SourceProblem? {
        sysctlProblems(with: sysctls).first { $0.severity == .error }
    }

    private func pageProblems() -> [SourceProblem] {
        var problems: [SourceProblem] = []
        if !Self.isPossible(pageSize: pageSize) {
            problems.append(.init(at: ["pageSize"], "\(pageSize) is not a page size: use 4096, 16384 or 65536"))
        } else if !architecture.pageSizes.contains(pageSize) {
            let sizes = architecture.pageSizes.map(String.init).joined(separator: ", ")
            problems.append(
                .init(at: ["pageSize"], "\(architecture.rawValue) has pages of \(sizes) bytes, not \(pageSize)"))
        }
        for (key, order) in [("maximumOrder", maximumOrder), ("pageblockOrder", pageblockOrder)]
        where order < 1 || order > Self.highestOrder {
            problems.append(
                .init(at: [.key(key)], "\(order) is no such order: use 1 to \(Self.highestOrder); 10 and 9 are usual"))
        }
        if pageblockOrder > maximumOrder {
            problems.append(
                .init(
                    at: ["pageblockOrder"],
                    "a pageblock of order \(pageblockOrder) is larger than the largest free block, of order"
                        + " \(maximumOrder): use at most \(maximumOrder)"))
        }
        return problems
    }

    static func isPossible(pageSize: Int) -> Bool {
        (4096...65536).contains(pageSize) && pageSize.nonzeroBitCount == 1
    }

    /// No architecture can be configured with a larger `maximumOrder` than 15, and nothing beyond it has been tested.
    static let highestOrder: Order = 15

    private func totalProblems() -> [SourceProblem] {
        guard !nodes.isEmpty else {
            return [
                .init(
                    at: ["nodes"],
                    "there is no node: give at least one, as in {\"cpus\": \"0-3\", \"memory\": \"8GiB\"}")
            ]
        }
        var problems: [SourceProblem] = []
        if nodes.allSatisfy(\.memory.isEmpty) {
            problems.append(.init(at: ["nodes"], "no node has memory: give one, as in \"memory\": \"8GiB\""))
        }
        if nodes.allSatisfy(\.cpus.isEmpty) {
            problems.append(.init(at: ["nodes"], "no node has a CPU: give one, as in \"cpus\": \"0-3\""))
        }
        return problems
    }

    private func nodeProblems() -> [SourceProblem] {
        var problems: [SourceProblem] = []
        var seen: Set<NodeID> = []
        for (index, node) in nodes.enumerated() {
            let path: JSONPath = ["nodes", .index(index), "id"]
            if !seen.insert(node.id).inserted {
                problems.append(.init(at: path, "node \(node.id) is described twice; each node has its own id"))
            }
            if Int(node.id.rawValue) >= NodeID.limit {
                problems.append(.init(at: path, "node numbers end at \(NodeID.limit - 1); this is \(node.id)"))
            }
        }
        return problems
    }

    private func cpuProblems() -> [SourceProblem] {
        var problems: [SourceProblem] = []
        var owners: [CPUID: NodeID] = [:]
        for (index, node) in nodes.enumerated() {
            var shared: [NodeID: [Int]] = [:]
            for cpu in node.cpus {
                if let owner = owners.updateValue(node.id, forKey: cpu) {
                    shared[owner, default: []].append(Int(cpu.rawValue))
                }
            }
            let path: JSONPath = ["nodes", .index(index), "cpus"]
            for (owner, cpus) in shared.sorted(by: { $0.key < $1.key }) {
                let list = NumberList.format(cpus.sorted())
                problems.append(.init(at: path, "CPU \(list) is on node \(owner) already; a CPU is on one node"))
            }
            if let highest = node.cpus.max(), highest.rawValue >= CPUID.limit {
                problems.append(.init(at: path, "CPU numbers end at \(CPUID.limit - 1); this is \(highest)"))
            }
        }
        return problems
    }
}

extension CPUID {
    /// One more than the highest CPU number that a kernel can be configured for (CONFIG_NR_CPUS on amd64).
    public static var limit: Int { 8192 }
}
