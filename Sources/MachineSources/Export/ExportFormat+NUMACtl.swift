import KernelText
import Topology

extension ExportFormat {
    static let numactl = ExportFormat(
        name: "numactl", about: "the text of numactl -H",
        states: [.nodeCount, .numbers, .distances, .sizesToMiB, .freeOfNodes]
    ) { machine in
        let topology = machine.snapshot.topology
        let spans = machine.zoneSpans
        let nodes = topology.nodes.map { node in
            let managed = spans.filter { $0.node == node.id }.reduce(0) { $0 + $1.managed }
            let free =
                machine.hasState
                ? machine.snapshot.zones.filter { $0.span.node == node.id }.reduce(0) {
                    $0 + ($1.freePages ?? $1.span.managed)
                }
                : managed
            return NUMACtlText.Node(
                id: node.id, cpus: node.cpus, size: (managed * (topology.pageSize / 1024)) >> 10,
                free: (free * (topology.pageSize / 1024)) >> 10)
        }
        return Exported(
            content: .text(NUMACtlText(nodes: nodes, distances: topology.distances).text),
            omitted: ["where memory lies", "memory below a whole MiB", "the architecture"] + machine.omittedByNodeForms)
    }
}
