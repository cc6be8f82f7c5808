import BuddyEngine
import Topology

extension HostReading {
    /// Nodes of which only sizes are known, laid out one behind the other.
    mutating func layOutNodes(pageSize: Int) throws(HostReadError) -> [Topology.Node] {
        guard nodes.contains(where: { ($0.size ?? 0) >= pageSize }) else { throw .noMemory(path: tree.root) }
        note(
            "there is no zoneinfo: memory is as large as the nodes' sizes say, which leave out what the kernel keeps "
                + "for itself, and its addresses are assumed: node behind node, each at a multiple of "
                + "\(NodeLayout.alignment >> 20) MiB.")
        for node in nodes where node.size == nil { note("the size of node \(node.id) is not said; it is given none.") }
        if nodes.allSatisfy({ $0.cpus?.isEmpty ?? true }) {
            note("no CPU is named anywhere; one, CPU 0, is assumed on node \(nodes[0].id).")
            nodes[0].cpus = [0]
        }
        return NodeLayout.layOut(nodes, pageSize: pageSize)
    }
}

/// Addresses for nodes whose sizes alone are known.
enum NodeLayout {
    /// The size of a memory section of x86-64, in bytes.
    static let alignment = 128 << 20

    static func layOut(_ nodes: [NodeFacts], pageSize: Int) -> [Topology.Node] {
        let step = alignment / pageSize
        // Nodes of more than 2^52 pages together do not fit the numbers of page frames and are cut.
        let limit = 1 << 52
        var next = 0
        return nodes.map { node in
            let pages = min((node.size ?? 0) / pageSize, limit - next)
            let range = PageFrame(next)..<PageFrame(next + pages)
            next = min((next + pages + step - 1) / step * step, limit)
            return Topology.Node(id: node.id, cpus: node.cpus ?? [], memory: pages > 0 ? [range] : [])
        }
    }
}
