import KernelText
import SourceText
import Topology

extension SourceFormat {
    /// A device tree's source with memory in it: `/memory@…`, `/cpus`, `numa-node-id` and `/distance-map`
    /// (Documentation/devicetree/bindings/numa.txt, Linux 6.1).
    static let deviceTree = SourceFormat(
        name: "a device tree", accepted: "a device tree's source with memory in it",
        recognises: { input in
            input.file != nil && (input.start.hasPrefix("/dts-v1/") || input.head.contains("\n/dts-v1/"))
        },
        load: { input in
            guard input.bytes.count < 1 << 24, case let tree = MachineTree(input), tree.hasMemory else {
                throw SourceRefusal(
                    "\(input.name): is a device tree's source without memory, which the boot loader fills in; give the "
                        + "kernel's boot log, which has what the kernel made of it")
            }
            var facts = MachineFacts(name: input.name)
            tree.add(to: &facts)
            return SourcePart(facts: facts, kind: "a device tree", name: input.name)
        })
}

/// The memory, the CPUs and the distances of a device tree.
private struct MachineTree {
    private let root: DeviceTreeSource.Node

    init(_ input: SourceInput) { root = DeviceTreeSource(String(decoding: input.bytes, as: UTF8.self)).root }

    var hasMemory: Bool { memory.contains { !ranges(of: $0).isEmpty } }

    private var memory: [DeviceTreeSource.Node] {
        root.children.filter { $0.words["device_type"] == ["memory"] || $0.baseName == "memory" }
            .filter { $0.words["status"] != ["disabled"] }
    }

    private var cpus: [DeviceTreeSource.Node] {
        (root.children.first { $0.name == "cpus" }?.children ?? [])
            .filter { $0.words["device_type"] == ["cpu"] || $0.baseName == "cpu" }
            .filter { $0.words["status"] != ["disabled"] }
    }

    private func ranges(of node: DeviceTreeSource.Node) -> [Range<UInt64>] {
        let addressCells = min(max(Int(clamping: root.cells["#address-cells"]?.first ?? 2), 1), 2)
        let sizeCells = min(max(Int(clamping: root.cells["#size-cells"]?.first ?? 1), 1), 2)
        let cells = node.cells["reg"] ?? []
        func number(_ part: ArraySlice<UInt64>) -> UInt64 { part.reduce(0) { $0 << 32 | $1 & 0xFFFF_FFFF } }
        return stride(from: 0, to: cells.count, by: addressCells + sizeCells).compactMap { start in
            guard start + addressCells + sizeCells <= cells.count else { return nil }
            let base = number(cells[start..<start + addressCells])
            let size = number(cells[start + addressCells..<start + addressCells + sizeCells])
            return Range(address: base, size: size)
        }
    }

    private func node(of part: DeviceTreeSource.Node) -> Int? {
        let id = part.cells["numa-node-id"]?.first.flatMap { Int(exactly: $0) } ?? 0
        return id < NodeID.limit ? id : nil
    }

    func add(to facts: inout MachineFacts) {
        let plugged = memory.filter { $0.has("hotpluggable") }.flatMap(ranges)
        var places: [Int: [Range<UInt64>]] = [:]
        for part in memory { node(of: part).map { places[$0, default: []] += ranges(of: part) } }
        var owners: [Int: [CPUID]] = [:]
        for (number, cpu) in cpus.enumerated() { node(of: cpu).map { owners[$0, default: []].append(CPUID(number)) } }
        for id in Set(places.keys).union(owners.keys).sorted() {
            let own = (places[id] ?? []).sorted { $0.lowerBound < $1.lowerBound }
            facts.nodes.append(
                NodeFacts(
                    id: NodeID(id), cpus: owners[id] ?? [],
                    size: Int(clamping: own.bytes), ranges: own))
        }
        facts.architecture = architecture
        addDistances(&facts)
        if cpus.isEmpty, !facts.nodes.isEmpty {
            facts.nodes[0].cpus = [0]
            facts.note("The device tree lists no CPU: one, CPU 0, is assumed.")
        }
        facts.note("What the kernel keeps for itself is not in a device tree: nothing is assumed.")
        if !plugged.isEmpty {
            facts.note("Of the memory, \(plugged.count) ranges can be unplugged (\"hotpluggable\").", .notUnderstood)
        }
        if let reserved = root.children.first(where: { $0.name == "reserved-memory" }), !reserved.children.isEmpty {
            facts.note("reserved-memory has no effect here: its ranges count as memory.", .notUnderstood)
        }
        let command = root.children.first { $0.name == "chosen" }?.words["bootargs"]?.first
        facts.commandLine = command.flatMap { try? KernelCommandLine(parsing: Array($0.utf8), name: facts.name) }
    }

    private var architecture: Architecture? {
        let names = cpus.flatMap { $0.words["compatible"] ?? [] }
        if cpus.contains(where: { $0.has("riscv,isa") }) || names.contains("riscv") { return .riscv64 }
        let has32Bits = ["a5", "a7", "a8", "a9", "a12", "a15", "a17"].map { "arm,cortex-" + $0 } + ["arm,arm1176jzf-s"]
        if names.contains(where: has32Bits.contains) { return .other }
        return names.isEmpty ? nil : names.contains { $0.hasPrefix("PowerPC") } ? .other : .arm64
    }

    private func addDistances(_ facts: inout MachineFacts) {
        let map = root.children.first { $0.name == "distance-map" }?.cells["distance-matrix"] ?? []
        let ids = facts.nodes.map(\.id)
        guard !map.isEmpty, ids.count > 1 else { return }
        var matrix = DistanceMatrix(nodes: ids)
        for start in stride(from: 0, to: map.count - 2, by: 3) {
            guard let value = UInt8(exactly: map[start + 2]),
                let row = ids.firstIndex(where: { UInt64($0.rawValue) == map[start] }),
                let column = ids.firstIndex(where: { UInt64($0.rawValue) == map[start + 1] })
            else { continue }
            matrix[row, column] = value
            // A distance that is given for one direction holds for both (`of_numa_parse_distance_map_v1`,
            // drivers/of/of_numa.c).
            if !Self.has(map, map[start + 1], map[start]) { matrix[column, row] = value }
        }
        facts.distances = matrix
    }

    private static func has(_ map: [UInt64], _ from: UInt64, _ to: UInt64) -> Bool {
        stride(from: 0, to: map.count - 2, by: 3).contains { map[$0] == from && map[$0 + 1] == to }
    }
}
