import BuddyEngine
import Topology

extension MachineFacts {
    /// Nodes without zones: at their addresses if these are known, else one after another.
    mutating func layOutNodes(
        pageSize: Int, reserved: inout [Range<PageFrame>]
    ) throws(HostReadError) -> [Topology.Node] {
        if nodes.contains(where: { $0.ranges != nil }) {
            return placedNodes(pageSize: pageSize, reserved: &reserved)
        }
        guard nodes.contains(where: { ($0.size ?? 0) >= pageSize }) else { throw .noMemory(path: name) }
        note(
            "there is no zoneinfo: memory is as large as the nodes' sizes say, which leave out what the kernel keeps "
                + "for itself, and its addresses are assumed: one node after the other, each at a multiple of "
                + "\(NodeLayout.alignment >> 20) MiB.")
        for node in nodes where node.size == nil {
            note("the size of node \(node.id) is not stated; it is given none.")
        }
        for node in nodes where (node.size ?? 0) / pageSize > NodeLayout.mostPages {
            note(
                "node \(node.id) is said to have \((node.size ?? 0) >> 30) GiB, more than any machine's node: "
                    + "\((NodeLayout.mostPages * pageSize) >> 30) GiB are assumed.", .contradiction)
        }
        return NodeLayout.layOut(nodes, pageSize: pageSize)
    }

    /// If a size is the kernel's own figure, extends the first node by what firmware keeps of its first MiB.
    func completeFirstNode(of topology: inout Topology) {
        guard nodes.allSatisfy({ $0.ranges == nil }), let first = topology.nodes.first(where: { !$0.memory.isEmpty }),
            nodes.first(where: { $0.id == first.id })?.sizeOmitsFirmware == true
        else { return }
        let kept = NodeLayout.low(first.memory) - NodeLayout.low(topology.presentMemory(of: first))
        guard kept > 0 else { return }
        topology.nodes = NodeLayout.layOut(nodes, pageSize: topology.pageSize, keptByFirmware: kept)
    }

    /// Places nodes by their blocks of memory. A node manages less than these; the difference is the kernel's, at the
    /// node's end.
    private mutating func placedNodes(pageSize: Int, reserved: inout [Range<PageFrame>]) -> [Topology.Node] {
        var taken = 0
        let placed = nodes.map { node in
            let memory = (node.ranges ?? []).map {
                PageFrame($0.lowerBound / UInt64(pageSize))..<PageFrame($0.upperBound / UInt64(pageSize))
            }
            let present = memory.reduce(0) { $0 + $1.pages }
            if let size = node.size, size / pageSize < present, !memory.isEmpty {
                var left = present - size / pageSize
                taken += left
                for range in memory.reversed() where left > 0 {
                    let count = min(left, range.pages)
                    reserved.append(range.upperBound + -count..<range.upperBound)
                    left -= count
                }
            } else if node.ranges == nil, (node.size ?? 0) > 0 {
                note("where the memory of node \(node.id) lies is not stated; it is given none.", .notUnderstood)
            }
            var placed = Topology.Node(id: node.id, cpus: node.cpus ?? [], memory: memory)
            placed.movableStart = node.movableStart.map { PageFrame($0 / UInt64(pageSize)) }
            return placed
        }
        if placed.contains(where: { $0.movableStart != nil }) {
            note("the Movable zone begins where the source says (column ZONES, valid_zones).", .used)
        }
        reserved.sort { $0.lowerBound < $1.lowerBound }
        note(
            "memory lies at the addresses that the source gives (nodeN/memoryM and block_size_bytes, or the like).",
            .used)
        if taken > 0 {
            note(
                "where the kernel's own \(taken) pages lie, by which nodes are smaller than their blocks, is not known: "
                    + "they are taken off each node's end.")
        }
        return placed
    }
}

/// Addresses for nodes of which only the sizes are known.
enum NodeLayout {
    /// The size of a memory section of x86-64, in bytes.
    static let alignment = 128 << 20

    /// The most pages of a node: no zone has more.
    static let mostPages = 1 << 32 - 1 << 20

    /// Pages in a PC's first MiB, of which its firmware keeps some.
    static func low(_ memory: [Range<PageFrame>]) -> Int {
        memory.reduce(0) { $0 + $1.clamped(to: PageFrame(0)..<PageFrame(0x100)).pages }
    }

    /// Places nodes one after another.
    ///
    /// - Parameters:
    ///   - nodes: The nodes with their sizes.
    ///   - pageSize: In bytes.
    ///   - keptByFirmware: Pages that the first node with memory has in addition to its size.
    static func layOut(_ nodes: [NodeFacts], pageSize: Int, keptByFirmware: Int = 0) -> [Topology.Node] {
        let step = alignment / pageSize
        // Nodes with more than 2^52 pages in all exceed the range of page frame numbers and are cut.
        let limit = 1 << 52
        var next = 0
        return nodes.map { node in
            let managed = min((node.size ?? 0) / pageSize, mostPages)
            let pages = min(managed > 0 && next == 0 ? managed + keptByFirmware : managed, limit - next, mostPages)
            let range = PageFrame(next)..<PageFrame(next + pages)
            next = min((next + pages + step - 1) / step * step, limit)
            return Topology.Node(id: node.id, cpus: node.cpus ?? [], memory: pages > 0 ? [range] : [])
        }
    }
}
