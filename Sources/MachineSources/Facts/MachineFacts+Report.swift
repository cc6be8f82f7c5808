import KernelText
import SourceText
import Topology

/// What other sources add to the machine of a report of failed memory, which has zones, marks and free blocks, and leaves
/// open which CPUs there are, how far nodes lie apart, and settings.
extension MachineFacts {
    mutating func fillReport(_ snapshot: inout Snapshot) {
        if nodes.isEmpty, let log = bootLog, log.tellsMemory {
            nodes = log.machine().topology.nodes.map { NodeFacts(id: $0.id, cpus: $0.cpus) }
            note("Of the boot log, the nodes' CPUs are used; zones lie where the report is laid out.", .used)
        }
        fillDistances(of: &snapshot)
        fillCPUs(of: &snapshot)
        sysctls.change(&snapshot.topology.sysctls, zones: snapshot.topology.architecture.zoneKinds)
        if let transparentHugePages { snapshot.topology.boot.transparentHugePages = transparentHugePages }
        noteOtherSizes(snapshot)
    }

    private mutating func fillDistances(of snapshot: inout Snapshot) {
        let ids = snapshot.topology.nodes.map(\.id)
        guard let known = distances, ids.count > 1 else { return }
        var matrix = DistanceMatrix(nodes: ids)
        for (row, from) in ids.enumerated() {
            for (column, to) in ids.enumerated() {
                if let distance = known.distance(from: from, to: to) { matrix[row, column] = distance }
            }
        }
        snapshot.topology.distances = matrix
        forget("A report has no distances")
    }

    private mutating func fillCPUs(of snapshot: inout Snapshot) {
        separateCPUs()
        guard nodes.contains(where: { !($0.cpus?.isEmpty ?? true) }) else { return }
        for index in snapshot.topology.nodes.indices {
            let known = nodes.first { $0.id == snapshot.topology.nodes[index].id }
            // Of a node that no other source has nothing is known, and a CPU that is assumed may be another's.
            snapshot.topology.nodes[index].cpus = known?.cpus ?? []
        }
        forget("A report does not say which CPUs")
    }

    private mutating func noteOtherSizes(_ snapshot: Snapshot) {
        let page = snapshot.topology.pageSize
        for node in nodes {
            let zones = snapshot.zones.filter { $0.span.node == node.id }
            let managed = zones.reduce(0) { $0 + $1.span.managed }
            if let size = node.size.map({ $0 / page }), abs(size - managed) > max(size, managed) / 16 {
                note(
                    "The report has \(managed) managed pages on node \(node.id), another source \(size): the zones are taken.",
                    .contradiction)
            }
        }
    }

    /// Takes back what was assumed before another source said it.
    private mutating func forget(_ beginning: String) {
        notes.removeAll { $0.kind == .assumed && $0.text.hasPrefix(beginning) }
    }
}
