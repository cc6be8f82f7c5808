import KernelText
import Topology

extension MachineFacts {
    /// Reads the nodes from libnuma or sysfs.
    mutating func readNodes(_ tree: FileTree, _ library: (any NUMALibrary)?) {
        if let library, library.isAvailable {
            readNodes(from: library)
        } else {
            if let absence = library?.absence {
                note("\(absence); sysfs is read instead.")
            } else if library != nil {
                note("libnuma says that NUMA calls are not available here; sysfs is read instead.")
            }
            readSysfsNodes(tree)
        }
        let path = tree.file("sys/devices/system/cpu/online")
        if let text = tree.word(path), let cpus = try? NumberSetText.list(parsing: text, name: path) {
            onlineCPUs = cpus.map { CPUID($0) }
            let online = Set(onlineCPUs)
            if !online.isEmpty { removeCPUs { !online.contains($0) } }
        } else {
            // Kernels before 2.6.29 only have a file for each CPU.
            let offline = Set(
                tree.numbers(in: "sys/devices/system/cpu", after: "cpu").filter {
                    tree.word(tree.file("sys/devices/system/cpu/cpu\($0)/online")) == "0"
                })
            removeCPUs { offline.contains(Int($0.rawValue)) }
        }
    }

    /// Removes CPUs that are switched off, which a node's list may include.
    private mutating func removeCPUs(where isOffline: (CPUID) -> Bool) {
        onlineCPUs.removeAll(where: isOffline)
        for index in nodes.indices { nodes[index].cpus?.removeAll(where: isOffline) }
    }

    private mutating func readNodes(from library: any NUMALibrary) {
        let ids = library.nodes
        nodes = ids.map {
            NodeFacts(id: $0, cpus: library.cpus(of: $0), size: library.size(of: $0), sizeOmitsFirmware: true)
        }
        var matrix = DistanceMatrix(nodes: ids)
        for (row, from) in ids.enumerated() {
            for (column, to) in ids.enumerated() {
                guard let distance = library.distance(from: from, to: to) else {
                    note(
                        "libnuma does not know the distance from node \(from) to node \(to); it is taken as "
                            + "\(matrix[row, column]).")
                    continue
                }
                matrix[row, column] = distance
            }
        }
        distances = ids.isEmpty ? nil : matrix
    }

    private mutating func readSysfsNodes(_ tree: FileTree) {
        let ids = tree.nodeDirectories
        guard !ids.isEmpty else { return }
        var rows: [[UInt8]] = []
        for id in ids {
            let directory = tree.file("\(FileTree.nodes)/node\(id)")
            let blocks = readBlocks(of: id, tree)
            var node = NodeFacts(
                id: NodeID(id), cpus: readCPUs(directory, tree),
                size: readMemory("MemTotal", directory, tree), sizeOmitsFirmware: true,
                free: readMemory("MemFree", directory, tree), ranges: blocks?.map(\.bytes).joinedNeighbours)
            node.movableStart = blocks.flatMap(Self.movableStart)
            nodes.append(node)
            guard let text = tree.word("\(directory)/distance") else { continue }
            do throws(KernelTextError) {
                rows.append(try NumberSetText.distances(parsing: text, name: "\(directory)/distance"))
            } catch {
                note("\(error); it is ignored.", .notUnderstood)
            }
        }
        numaStat = Self.counters(of: ids, tree)
        if rows.count == ids.count, rows.allSatisfy({ $0.count == ids.count }) {
            distances = DistanceMatrix(nodes: ids.map { NodeID($0) }, rows: rows)
        } else if !rows.isEmpty, ids.count > 1 {
            note(
                "the distances in sysfs are not a square table of \(ids.count) nodes and are ignored.", .notUnderstood)
        }
    }

    /// The table of the counters (`numastat`) of all nodes that have them; nil if none has.
    private static func counters(of ids: [Int], _ tree: FileTree) -> NUMAStatText? {
        let texts = ids.compactMap { id -> (node: NodeID, text: NUMAStatText)? in
            let path = tree.file("\(FileTree.nodes)/node\(id)") + "/numastat"
            guard case .found(let bytes) = tree.read(path), let text = try? NUMAStatText(parsing: bytes, name: path),
                text.layout == .node
            else { return nil }
            return (NodeID(id), text)
        }
        guard let first = texts.first else { return nil }
        let rows = first.text.rows.map { row in
            NUMAStatText.Row(name: row.name, values: texts.map { $0.text.value(row.name, node: $0.node) ?? 0 })
        }
        return NUMAStatText(layout: .table, nodes: texts.map(\.node), rows: rows)
    }

    private mutating func readCPUs(_ directory: String, _ tree: FileTree) -> [CPUID]? {
        do throws(KernelTextError) {
            if let text = tree.word("\(directory)/cpulist") {
                return try NumberSetText.list(parsing: text, name: "\(directory)/cpulist").map { CPUID($0) }
            }
            if let text = tree.word("\(directory)/cpumap") {
                return try NumberSetText.mask(parsing: text, name: "\(directory)/cpumap").map { CPUID($0) }
            }
        } catch {
            note("\(error); the node's CPUs are ignored.", .notUnderstood)
        }
        // A node without CPUs has an empty list.
        return tree.has("\(directory)/cpulist") ? [] : nil
    }

    /// Reads an amount of the node's meminfo, in bytes.
    private mutating func readMemory(_ entry: String, _ directory: String, _ tree: FileTree) -> Int? {
        let path = "\(directory)/meminfo"
        guard case .found(let bytes) = tree.read(path) else { return nil }
        do throws(KernelTextError) {
            let text = try MemInfoText(parsing: bytes, name: path)
            return text[entry].flatMap { Int(exactly: $0) }.flatMap {
                let (bytes, overflow) = $0.multipliedReportingOverflow(by: 1024)
                return overflow ? nil : bytes
            }
        } catch {
            note("\(error); the node's size is not known.", .notUnderstood)
            return nil
        }
    }

    /// The node's blocks of memory, `nodeN/memoryM`, each of `block_size_bytes`, with whether they are in ZONE_MOVABLE
    /// (`valid_zones`, which names the zone of an online block).
    private func readBlocks(of node: Int, _ tree: FileTree) -> [(bytes: Range<UInt64>, isMovable: Bool)]? {
        let numbers = tree.numbers(in: "\(FileTree.nodes)/node\(node)", after: "memory")
        guard !numbers.isEmpty,
            let text = tree.word(tree.file("sys/devices/system/memory/block_size_bytes")),
            let size = UInt64(text, radix: 16), size >= 1 << 20, size <= 1 << 40
        else { return nil }
        var blocks: [(bytes: Range<UInt64>, isMovable: Bool)] = []
        for number in numbers where number >= 0 && number < 1 << 22 {
            let directory = tree.file("sys/devices/system/memory/memory\(number)")
            if tree.word("\(directory)/state") == "offline" { continue }
            let start = UInt64(number) * size
            blocks.append((start..<start + size, tree.word("\(directory)/valid_zones") == "Movable"))
        }
        return blocks.isEmpty ? nil : blocks
    }
}

extension [Range<UInt64>] {
    /// Ascending ranges, with adjacent ones joined.
    fileprivate var joinedNeighbours: [Range<UInt64>] {
        var ranges: [Range<UInt64>] = []
        for range in self {
            if let last = ranges.last, last.upperBound == range.lowerBound {
                ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
            } else {
                ranges.append(range)
            }
        }
        return ranges
    }
}
