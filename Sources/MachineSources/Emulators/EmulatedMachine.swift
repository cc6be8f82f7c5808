import Topology

/// The nodes that an emulator is told to create, in whichever of its languages.
struct EmulatedMachine {
    var nodes: [Int: Node] = [:]
    /// All memory in bytes; nil if not stated.
    var memory: UInt64?
    var cpuCount = 1
    /// How many CPUs each socket has, if sockets were asked for.
    var cpusOfSocket: Int?
    /// By pair of nodes.
    var distances: [Pair: UInt8] = [:]
    var architecture: Architecture = .amd64
    /// Whether it is a PC of the type `q35` rather than the older `pc`.
    var isQ35 = false
    /// What was stated and has no effect here.
    var ignored: [String] = []
    /// Memory modules that are there beside ``memory``, by node.
    var modules: [(node: Int, bytes: UInt64)] = []

    var hasNamedMemory: Bool { nodes.values.contains { $0.memory != nil } || !modules.isEmpty }

    struct Node {
        var cpus: [Int] = []
        var memory: UInt64?
    }

    struct Pair: Hashable {
        var from: Int
        var to: Int
    }

    /// The address at which such a machine's memory begins.
    private var base: UInt64 {
        switch architecture {
        case .arm64: 1 << 30
        case .riscv64: 2 << 30
        case .amd64, .i386, .i386pae, .other: 0
        }
    }

    /// The gap that PCs have below 4 GiB: a q35 has 2 GiB below it and a pc 3 GiB, or all memory if that is less than
    /// 2.75 or 3.5 GiB (`pc_q35_init`, hw/i386/pc_q35.c, and `pc_init1`, hw/i386/pc_piix.c, QEMU 8.2).
    private var hole: Range<UInt64>? {
        guard architecture.isX86 else { return nil }
        let named = nodes.values.reduce(UInt64(0)) { $0 &+ min($1.memory ?? 0, 1 << 50) }
        let most: UInt64 = isQ35 ? 0xB000_0000 : 0xE000_0000
        let all = max(named, memory ?? 0)
        return (all < most ? most : isQ35 ? 2 << 30 : 3 << 30)..<4 << 30
    }

    /// Distributes what is stated for no node as older versions of QEMU do: memory evenly, and whole sockets in turn
    /// (`numa_default_auto_assign_ram`, hw/core/numa.c, to 5.1; `x86_get_default_cpu_node_id`, hw/i386/x86.c).
    private func placeUnnamed(_ nodes: inout [Int: Node], _ facts: inout MachineFacts) {
        let ids = nodes.keys.sorted()
        if let memory, ids.allSatisfy({ nodes[$0]?.memory == nil }) {
            let portion: UInt64 = 8 << 20
            let share = memory / UInt64(ids.count) / portion * portion
            for id in ids { nodes[id]?.memory = share }
            if let last = ids.last { nodes[last]?.memory = memory - share * UInt64(ids.count - 1) }
            if ids.count > 1 {
                facts.note("No node is given memory: each has its share of all, as QEMU did up to 5.1.")
            }
        }
        guard ids.count > 1, let cpusOfSocket, ids.allSatisfy({ nodes[$0]?.cpus.isEmpty == true }) else { return }
        for cpu in 0..<min(cpuCount, 1 << 16) { nodes[ids[cpu / cpusOfSocket % ids.count]]?.cpus.append(cpu) }
        facts.note("No node is given CPUs: each socket is on the next node, as QEMU puts them.")
    }

    /// Places memory modules above all other memory, each at a multiple of 1 GiB (`pc_get_device_memory_range`,
    /// hw/i386/pc.c, QEMU 8.2).
    private func addModules(from end: UInt64, _ facts: inout MachineFacts) {
        let step: UInt64 = 1 << 30
        var next = max(end, architecture.isX86 ? 4 << 30 : end)
        for module in modules where module.bytes > 0 && module.bytes < 1 << 50 && next < 1 << 58 {
            guard let index = facts.nodes.firstIndex(where: { Int($0.id.rawValue) == module.node }) else {
                facts.note(
                    "A memory module is for node \(module.node), which is not there: it is left out.", .contradiction)
                continue
            }
            let start = (next + step - 1) / step * step
            facts.nodes[index].ranges = (facts.nodes[index].ranges ?? []) + [start..<start + module.bytes]
            facts.nodes[index].size = (facts.nodes[index].size ?? 0) + Int(module.bytes)
            next = start + module.bytes
        }
    }

    func add(to facts: inout MachineFacts) throws(SourceRefusal) {
        var nodes = nodes
        if nodes.isEmpty { nodes[0] = Node(cpus: Array(0..<cpuCount), memory: memory) }
        guard nodes.keys.allSatisfy({ (0..<NodeID.limit).contains($0) }) else {
            throw SourceRefusal("\(facts.name): nodes are numbered from 0 to \(NodeID.limit - 1)")
        }
        placeUnnamed(&nodes, &facts)
        let named = Set(nodes.values.flatMap(\.cpus))
        let rest = (0..<min(cpuCount, 1 << 16)).filter { !named.contains($0) }
        let ids = nodes.keys.sorted()
        if !rest.isEmpty, let first = ids.first {
            if !named.isEmpty || ids.count > 1 {
                facts.note("\(rest.count) CPUs are on no node; they are put on node \(first).")
            }
            nodes[first]?.cpus += rest
        }
        var next = base
        for id in ids {
            var ranges: [Range<UInt64>] = []
            var left = nodes[id]?.memory ?? 0
            while left > 0, next < 1 << 62 {
                var size = left
                if let hole, next < hole.lowerBound { size = min(left, hole.lowerBound - next) }
                if size > 0 { ranges.append(next..<next + size) }
                next += size
                left -= size
                if let hole, next == hole.lowerBound { next = hole.upperBound }
            }
            facts.nodes.append(
                NodeFacts(
                    id: NodeID(id), cpus: (nodes[id]?.cpus ?? []).sorted().map { CPUID($0) },
                    size: Int(clamping: nodes[id]?.memory ?? 0), ranges: ranges))
        }
        addModules(from: next, &facts)
        guard facts.nodes.contains(where: { ($0.size ?? 0) > 0 }) else {
            throw SourceRefusal("\(facts.name): no node is given memory")
        }
        facts.architecture = architecture
        for text in ignored { facts.note("\(text) has no effect here.", .notUnderstood) }
        guard !distances.isEmpty else { return }
        let places = ids.map { NodeID($0) }
        var matrix = DistanceMatrix(nodes: places)
        for (row, from) in ids.enumerated() {
            for (column, to) in ids.enumerated() where from != to {
                // QEMU uses the distance of one direction for both.
                if let value = distances[Pair(from: from, to: to)] ?? distances[Pair(from: to, to: from)] {
                    matrix[row, column] = value
                }
            }
        }
        facts.distances = matrix
    }
}
