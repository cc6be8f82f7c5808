import KernelText
import Topology

extension MachineFacts {
    /// Decides which nodes there are, with which CPUs and distances; what is not stated is assumed.
    mutating func completeNodes() {
        for zone in zoneInfo?.zones ?? [] where !nodes.contains(where: { $0.id == zone.node }) {
            nodes.append(NodeFacts(id: zone.node))
        }
        nodes.sort { $0.id < $1.id }
        assignKnownCPUs()
        separateCPUs()
        completeDistances()
    }

    /// Assigns a CPU that several nodes list to the first of them.
    mutating func separateCPUs() {
        var owners: [CPUID: NodeID] = [:]
        for index in nodes.indices {
            let id = nodes[index].id
            guard let cpu = nodes[index].cpus?.first(where: { owners[$0] != nil }), let owner = owners[cpu] else {
                for cpu in nodes[index].cpus ?? [] { owners[cpu] = id }
                continue
            }
            note("CPU \(cpu) is said to be on node \(owner) and on node \(id); the first is used.", .contradiction)
            nodes[index].cpus?.removeAll { owners[$0] != nil }
            for cpu in nodes[index].cpus ?? [] { owners[cpu] = id }
        }
    }

    /// Corrects distances that no kernel would accept from firmware: 10 from a node to itself, and more to any other
    /// (`slit_valid`, drivers/acpi/numa/srat.c); otherwise 10 and 20 are used throughout.
    mutating func correctDistances() {
        guard var matrix = distances else { return }
        let places = matrix.nodes.indices
        let isRight = places.allSatisfy { row in
            places.allSatisfy { column in row == column ? matrix[row, column] == 10 : matrix[row, column] > 10 }
        }
        guard !isRight else { return }
        matrix = DistanceMatrix(nodes: matrix.nodes)
        distances = matrix
        note(
            "no kernel accepts these distances (10 for a node itself, more for any other): 10 and 20 are used.",
            .contradiction)
    }

    /// Gives nodes CPUs if only zoneinfo's per-CPU lists show that there are any.
    private mutating func assignKnownCPUs() {
        guard !nodes.isEmpty, nodes.allSatisfy({ $0.cpus?.isEmpty ?? true }) else { return }
        var cpus: Set<CPUID> = []
        for zone in zoneInfo?.zones ?? [] { cpus.formUnion(zone.pagesets.map(\.cpu)) }
        if cpus.isEmpty { cpus = Set(onlineCPUs) }
        if cpus.isEmpty {
            cpus = [0]
            note("no CPU is named anywhere; one, CPU 0, is assumed on node \(nodes[0].id).")
        } else if nodes.count > 1 {
            note("which CPU is on which node is not stated; all \(cpus.count) are put on node \(nodes[0].id).")
        }
        nodes[0].cpus = cpus.sorted()
    }

    private mutating func completeDistances() {
        let ids = nodes.map(\.id)
        correctDistances()
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
            hasAssumedDistances = true
            note(
                "no distances are given; all remote ones are taken as 20: --distances gives them, or + joins a source "
                    + "that has them.")
        }
        distances = matrix
    }
}
