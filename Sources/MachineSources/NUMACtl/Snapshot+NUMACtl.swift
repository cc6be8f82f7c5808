import GFP
import KernelText
import Topology

extension Snapshot {
    /// A machine of the shape that `numactl -H` shows: nodes, CPUs, sizes and distances. Addresses are assumed.
    ///
    /// A table of distances alone gives each node one CPU and `defaultNodeSize`.
    ///
    /// - Parameters:
    ///   - text: the output read.
    ///   - name: what to call the machine.
    ///   - defaultNodeSize: bytes for a node whose size is not said.
    /// - Throws: ``HostReadError/noMemory(path:)`` if every node is said to be empty.
    public init(
        numactl text: NUMACtlText, name: String, defaultNodeSize: Int = 4 << 30
    ) throws(HostReadError) {
        var notes = text.notes.map { $0.hasSuffix(".") ? $0 : $0 + "." }
        notes.append("the kernel and the architecture are not said; 6.12 and x86-64 are assumed.")
        notes.append("memory is as large as the sizes say, in MiB rounded down; its addresses are assumed.")
        var nextCPU = text.nodes.compactMap { $0.cpus?.last }.max().map { Int($0.rawValue) + 1 } ?? 0
        let nodes = text.nodes.map { node in
            var facts = NodeFacts(id: node.id, cpus: node.cpus, size: node.size.map { $0 << 20 })
            if node.size == nil {
                facts.size = defaultNodeSize
                notes.append("the size of node \(node.id) is not said; \(defaultNodeSize >> 20) MiB are assumed.")
            }
            if node.cpus == nil {
                facts.cpus = [CPUID(nextCPU)]
                notes.append("the CPUs of node \(node.id) are not said; one, CPU \(nextCPU), is assumed.")
                nextCPU += 1
            }
            return facts
        }
        guard nodes.contains(where: { ($0.size ?? 0) >= 4096 }) else { throw .noMemory(path: name) }
        if text.distances == nil, nodes.count > 1 {
            notes.append("no distances are given; all remote ones are taken as 20.")
        }
        let topology = Topology(
            name: name, nodes: NodeLayout.layOut(nodes, pageSize: 4096), distances: text.distances)
        self.init(topology: topology, zones: [], notes: notes)
    }
}
