import BuddyEngine
import GFP

/// What a text may name of a machine. Whatever a scenario, a recording or a snapshot names (a node, a CPU, a zone, a
/// block) is asked for here before it is used: a text may lie, and what the allocator is given must exist.
package struct MachineReferences: Sendable {
    private let nodes: Set<NodeID>
    private let cpus: Set<CPUID>
    private let zones: [ZoneReference: Range<PageFrame>]
    /// The same again, for the many looks at a recording's operations: by number, and the zones' page frames alone.
    private let hasNode: [Bool]
    private let hasCPU: [Bool]
    private let spans: [Range<PageFrame>]

    /// Why something that is named cannot be meant, as a sentence.
    package struct Unknown: Error, Hashable, CustomStringConvertible {
        package var description: String

        package init(description: String) { self.description = description }
    }

    /// - Parameter zones: Those that the machine has; none where they are not known, and nothing in them is checked then.
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
        // A number beyond any machine's is told by the sets.
        let small = numbers.filter { $0 < 1 << 13 }
        var table = [Bool](repeating: false, count: (small.max() ?? -1) + 1)
        for number in small { table[number] = true }
        return table
    }

    package func check(_ node: NodeID) throws(Unknown) {
        let number = Int(node.rawValue)
        if number < hasNode.count, hasNode[number] { return }
        guard !nodes.contains(node) else { return }
        let there = NumberList.format(nodes.map { Int($0.rawValue) }.sorted())
        throw Unknown(description: "there is no node \(node): the machine has \(there)")
    }

    package func check(_ cpu: CPUID) throws(Unknown) {
        let number = Int(cpu.rawValue)
        if number < hasCPU.count, hasCPU[number] { return }
        guard !cpus.contains(cpu) else { return }
        let there = NumberList.format(cpus.map { Int($0.rawValue) }.sorted())
        throw Unknown(description: "there is no CPU \(cpu): the machine has \(there.isEmpty ? "none" : there)")
    }

    package func check(_ zone: ZoneReference) throws(Unknown) {
        try check(zone.node)
        guard !zones.isEmpty, zones[zone] == nil else { return }
        let there = zones.keys.filter { $0.node == zone.node }.map(\.kind).sorted().map(\.kernelName)
        throw Unknown(
            description: "node \(zone.node) has no zone \(zone.kind)"
                + (there.isEmpty ? ": it has no memory" : ", only \(there.joined(separator: ", "))"))
    }

    /// - Parameter blocks: How many, each behind the one before.
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
