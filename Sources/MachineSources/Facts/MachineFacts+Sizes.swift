import BuddyEngine
import KernelText
import Topology

/// Machines without known zones, built from the sizes or addresses of their nodes.
extension MachineFacts {
    /// Builds the machine.
    ///
    /// - Throws: ``HostReadError`` if no source says how much memory there is.
    mutating func sizedMachine() throws(HostReadError) -> Snapshot {
        if nodes.isEmpty { nodes = [try onlyNode()] }
        assumeSizes()
        useBootLogCPUs()
        completeNodes()
        var topology = settledTopology()
        topology.nodes = try layOutNodes(pageSize: topology.pageSize, reserved: &topology.reserved)
        completeFirstNode(of: &topology)
        shortenGaps(of: &topology)
        return withFreeMemory(Snapshot(topology: topology, zones: []))
    }

    /// The memory, in bytes, assumed for a machine of which only CPUs are known.
    private static let assumedSize = 4 << 30

    /// The bytes of an entry of meminfo, whose unit is KiB.
    private func amount(_ entry: String) -> Int? {
        memInfo?[entry].flatMap { Int(exactly: $0) }.flatMap { $0 < 1 << 50 ? $0 * 1024 : nil }
    }

    /// A single node with all memory, if no source names a node.
    private mutating func onlyNode() throws(HostReadError) -> NodeFacts {
        let ranges = memoryMap?.systemRAM ?? []
        let total = amount("MemTotal").flatMap { $0 > 0 ? $0 : nil }
        if !ranges.isEmpty {
            note("no NUMA node is named; all memory that is listed by address is put on node 0.")
            return NodeFacts(
                id: 0, size: total, sizeOmitsFirmware: total != nil, free: amount("MemFree"), ranges: ranges)
        }
        if let total {
            note("no NUMA node is named; all memory of meminfo is put on node 0.")
            return NodeFacts(id: 0, size: total, sizeOmitsFirmware: true, free: amount("MemFree"))
        }
        if let memoryTotal, memoryTotal > 0, memInfo == nil {
            note("no NUMA node is named; all memory that lsmem counts is put on node 0.")
            return NodeFacts(id: 0, size: memoryTotal)
        }
        guard memInfo == nil, buddyInfo == nil else { throw .noSizes(path: name) }
        guard !onlineCPUs.isEmpty else { throw .nothingToRead(path: name) }
        note("how much memory there is is not stated; \(Self.assumedSize >> 20) MiB on one node are assumed.")
        return NodeFacts(id: 0, size: Self.assumedSize)
    }

    /// Assumes sizes of nodes if none has one: if the sum is known, nodes get equal shares of it, and of what is free.
    /// A node without CPUs is online because it has memory.
    private mutating func assumeSizes() {
        guard nodes.allSatisfy({ ($0.size ?? 0) == 0 && $0.ranges == nil }) else { return }
        let listed = memoryMap?.systemRAM ?? []
        let listedTotal = listed.bytes
        let kernelTotal = amount("MemTotal").flatMap { $0 > 0 ? $0 : nil }
        guard let total = kernelTotal ?? (listedTotal > 0 ? Int(exactly: listedTotal) : memoryTotal), total > 0 else {
            return
        }
        let free = kernelTotal == nil ? nil : amount("MemFree").map { min($0, total) }
        for index in nodes.indices {
            nodes[index].size = total / nodes.count
            nodes[index].sizeOmitsFirmware = kernelTotal != nil
            nodes[index].free = free.map { $0 / nodes.count }
        }
        if listedTotal > 0 { shareOut(listed, total: listedTotal) }
        let source = kernelTotal != nil ? "MemTotal" : listedTotal > 0 ? "the ranges listed" : "lsmem's sum"
        let whole = "\(total >> 20) MiB (\(source))"
        note(
            nodes.count == 1
                ? "how large each node is is not stated; all memory, \(whole), is put on node \(nodes[0].id)."
                : "how large each node is is not stated; \(whole) are shared out alike among the \(nodes.count) nodes"
                    + (listedTotal > 0 ? ", in order of their addresses." : "."))
    }

    /// Gives each node its share of the listed memory, the lowest addresses to the first node.
    private mutating func shareOut(_ listed: [Range<UInt64>], total: UInt64) {
        var left = listed[...]
        for index in nodes.indices {
            let nodesLeft = UInt64(nodes.count - index)
            let bytesLeft = left.bytes
            let block = UInt64(NodeLayout.alignment)
            var share = nodesLeft == 1 ? bytesLeft : (bytesLeft / nodesLeft + block / 2) / block * block
            var own: [Range<UInt64>] = []
            while share > 0, let range = left.first {
                let taken = min(share, range.upperBound - range.lowerBound)
                own.append(range.lowerBound..<range.lowerBound + taken)
                share -= taken
                left.removeFirst()
                if range.lowerBound + taken < range.upperBound {
                    left.insert(range.lowerBound + taken..<range.upperBound, at: left.startIndex)
                }
            }
            nodes[index].ranges = own
        }
    }
}
