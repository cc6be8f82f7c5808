import BuddyEngine
import GFP

/// What a text may name of a machine. Every node, CPU, zone or block that a scenario, a recording or a snapshot names
/// is checked here before it is used: a text may be wrong, but what the allocator is given must exist.
package struct MachineReferences: Sendable {
    private let nodes: Set<NodeID>
    private let cpus: Set<CPUID>
    private let zones: [ZoneReference: Range<PageFrame>]
    /// The same as tables by number, and the zones' page frames alone: a recording's operations look here very often.
    private let hasNode: [Bool]
    private let hasCPU: [Bool]
    private let spans: [Range<PageFrame>]

    /// Why something named does not exist, as a sentence.
    package struct Unknown: Error, Hashable, CustomStringConvertible {
        package var description: String

        package init(description: String) { self.description = description }
    }

    /// The names of a topology's machine.
    ///
    /// - Parameters:
    ///   - topology: The machine's nodes and CPUs.
    ///   - zones: The machine's zones; empty if they are not known, which skips all checks of zones.
    package init(_ topology: Topology, zones: [ZoneSpan] = []) {
        nodes = Set(topology.nodes.map(\.id))
        cpus = Set(topology.nodes.flatMap(\.cpus))
        self.zones = Dictionary(
            zones.map { (ZoneReference(node: $0.node, kind: $0.kind), $0.start..<$0.end) }, uniquingKeysWith: { $1 })
        hasNode = Self.table(nodes.map { Int($0.rawValue) })
        hasCPU = Self.table(cpus.map { Int($0.rawValue) })
        spans = Array(self.zones.values)
    }

    private static func table(_ numbers: [Int]) -> [Bool] {
        // Larger numbers, which no machine has, are looked up in the sets.
        let small = numbers.filter { $0 < 1 << 13 }
        var table = [Bool](repeating: false, count: (small.max() ?? -1) + 1)
        for number in small { table[number] = true }
        return table
    }

    /// Throws if the machine has no such node.
    package func check(_ node: NodeID) throws(Unknown) {
        let number = Int(node.rawValue)
        if number < hasNode.count, hasNode[number] { return }
        guard !nodes.contains(node) else { return }
        let there = NumberList.format(nodes.map { Int($0.rawValue) }.sorted())
        throw Unknown(description: "there is no node \(node): the machine has \(there)")
    }

    /// Throws if the machine has no such CPU.
    package func check(_ cpu: CPUID) throws(Unknown) {
        let number = Int(cpu.rawValue)
        if number < hasCPU.count, hasCPU[number] { return }
        guard !cpus.contains(cpu) else { return }
        let there = NumberList.format(cpus.map { Int($0.rawValue) }.sorted())
        throw Unknown(description: "there is no CPU \(cpu): the machine has \(there.isEmpty ? "none" : there)")
    }

    /// Throws if the machine has no such zone.
    package func check(_ zone: ZoneReference) throws(Unknown) {
        try check(zone.node)
        guard !zones.isEmpty, zones[zone] == nil else { return }
        let there = zones.keys.filter { $0.node == zone.node }.map(\.kind).sorted().map(\.kernelName)
        throw Unknown(
            description: "node \(zone.node) has no zone \(zone.kind)"
                + (there.isEmpty ? ": it has no memory" : ", only \(there.joined(separator: ", "))"))
    }

    /// Throws unless `blocks` blocks in a row, from `frame` on, are aligned and lie within a zone.
    package func check(_ frame: PageFrame, _ order: Order, blocks: Int = 1, in zone: ZoneReference? = nil)
        throws(Unknown)
    {
        if let zone { try check(zone) }
        guard frame.rawValue % UInt64(order.pages) == 0 else {
            throw Unknown(
                description: "a block of order \(order) begins at a multiple of \(order.pages), not at \(frame)")
        }
        guard !zones.isEmpty else { return }
        let end = frame + blocks * order.pages
        let isInside =
            if let zone { zones[zone].map { $0.lowerBound <= frame && end <= $0.upperBound } ?? false } else {
                spans.contains { $0.lowerBound <= frame && end <= $0.upperBound }
            }
        guard isInside else {
            let place = zone.map { "zone \($0.kind) of node \($0.node)" } ?? "every zone"
            throw Unknown(description: "page frames \(frame) to \(end + -1) are outside \(place)")
        }
    }
}
