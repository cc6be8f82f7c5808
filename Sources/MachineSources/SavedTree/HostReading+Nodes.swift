import KernelText
import Topology

extension HostReading {
    /// Finds the nodes: those of libnuma or sysfs, and those that zoneinfo names beside them.
    mutating func readNodes(_ library: (any NUMALibrary)?) throws(HostReadError) {
        if let library, library.isAvailable {
            readNodes(from: library)
        } else {
            if library != nil { note("libnuma says that NUMA calls are not available here; sysfs is read instead.") }
            readSysfsNodes()
        }
        for zone in zoneInfo?.zones ?? [] where !nodes.contains(where: { $0.id == zone.node }) {
            nodes.append(NodeFacts(id: zone.node))
        }
        nodes.sort { $0.id < $1.id }
        assignKnownCPUs()
        completeDistances()
    }

    private mutating func readNodes(from library: any NUMALibrary) {
        let ids = library.nodes
        nodes = ids.map { NodeFacts(id: $0, cpus: library.cpus(of: $0), size: library.size(of: $0)) }
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

    private mutating func readSysfsNodes() {
        let ids = tree.nodeDirectories
        guard !ids.isEmpty else { return }
        var rows: [[UInt8]] = []
        for id in ids {
            let directory = tree.file("sys/devices/system/node/node\(id)")
            nodes.append(
                NodeFacts(
                    id: NodeID(id), cpus: readCPUs(directory),
                    size: readMemory("MemTotal", node: id, directory), free: readMemory("MemFree", node: id, directory))
            )
            guard let text = tree.word("\(directory)/distance") else { continue }
            do throws(KernelTextError) {
                rows.append(try NumberSetText.distances(parsing: text, name: "\(directory)/distance"))
            } catch {
                note("\(error); it is left out.")
            }
        }
        if rows.count == ids.count, rows.allSatisfy({ $0.count == ids.count }) {
            distances = DistanceMatrix(nodes: ids.map { NodeID($0) }, rows: rows)
        } else if !rows.isEmpty, ids.count > 1 {
            note("the distances in sysfs are not a square table of \(ids.count) nodes and are left out.")
        }
    }

    private mutating func readCPUs(_ directory: String) -> [CPUID]? {
        do throws(KernelTextError) {
            if let text = tree.word("\(directory)/cpulist") {
                return try NumberSetText.list(parsing: text, name: "\(directory)/cpulist").map { CPUID($0) }
            }
            if let text = tree.word("\(directory)/cpumap") {
                return try NumberSetText.mask(parsing: text, name: "\(directory)/cpumap").map { CPUID($0) }
            }
        } catch {
            note("\(error); the node's CPUs are left out.")
        }
        // A node without CPUs has an empty list.
        return FileTree.exists("\(directory)/cpulist") ? [] : nil
    }

    /// An amount of the node's meminfo, in bytes.
    private mutating func readMemory(_ entry: String, node: Int, _ directory: String) -> Int? {
        let path = "\(directory)/meminfo"
        guard case .found(let bytes) = tree.read(path) else { return nil }
        do throws(KernelTextError) {
            let text = try MemInfoText(parsing: bytes, name: path)
            return text[entry].flatMap { Int(exactly: $0) }.flatMap {
                let (bytes, overflow) = $0.multipliedReportingOverflow(by: 1024)
                return overflow ? nil : bytes
            }
        } catch {
            note("\(error); the node's size is not known.")
            return nil
        }
    }

    /// Gives nodes CPUs where only zoneinfo's per-CPU lists tell that there are any.
    private mutating func assignKnownCPUs() {
        guard !nodes.isEmpty, nodes.allSatisfy({ $0.cpus?.isEmpty ?? true }) else { return }
        var cpus: Set<CPUID> = []
        for zone in zoneInfo?.zones ?? [] { cpus.formUnion(zone.pagesets.map(\.cpu)) }
        if cpus.isEmpty {
            cpus = [0]
            note("no CPU is named anywhere; one, CPU 0, is assumed on node \(nodes[0].id).")
        } else if nodes.count > 1 {
            note("which CPU is on which node is not said; all \(cpus.count) are put on node \(nodes[0].id).")
        }
        nodes[0].cpus = cpus.sorted()
    }

    private mutating func completeDistances() {
        let ids = nodes.map(\.id)
        if let known = distances, known.nodes == ids { return }
        var matrix = DistanceMatrix(nodes: ids)
        if let known = distances {
            for (row, from) in ids.enumerated() {
                for (column, to) in ids.enumerated() {
                    if let distance = known.distance(from: from, to: to) { matrix[row, column] = distance }
                }
            }
            note("the distances do not cover every node that zoneinfo names; those missing are taken as 20.")
        } else if ids.count > 1 {
            note("no distances are given; all remote ones are taken as 20.")
        }
        distances = matrix
    }
}
