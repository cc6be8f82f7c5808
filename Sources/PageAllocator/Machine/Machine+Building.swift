import BuddyEngine
import Topology

/// What a machine is built from.
extension Machine {
    /// Throws if no machine can be built.
    static func check(
        _ topology: Topology, _ spans: [ZoneSpan], _ segments: [[Range<PageFrame>]]
    ) throws(MachineError) {
        if let problem = topology.firstStructuralError { throw .impossible(problem) }
        guard topology.nodes.contains(where: { !$0.cpus.isEmpty }) else { throw .noCPU }
        guard spans.contains(where: { $0.present > 0 }) else { throw .noMemory }
        guard (1...13).contains(topology.maximumOrder), topology.pageblockOrder >= 1 else {
            throw .unsupportedOrders(maximum: topology.maximumOrder, pageblock: topology.pageblockOrder)
        }
        for span in spans {
            guard topology.architecture.zoneKinds.contains(span.kind) else {
                throw .unknownZone(ZoneReference(node: span.node, kind: span.kind), topology.architecture)
            }
            try checkFrames(of: span)
            guard BuddySpan.holds(span.start..<span.end, maximumOrder: topology.maximumOrder) else {
                throw .spanTooLarge(span.reference, pages: span.spanned)
            }
        }
        try checkSegments(segments, of: spans)
    }

    /// All CPUs in order of number, each with the position of its node.
    static func cpus(of nodes: [Topology.Node]) -> [(id: CPUID, node: Int)] {
        nodes.enumerated().flatMap { position, node in node.cpus.map { ($0, position) } }.sorted { $0.id < $1.id }
    }

    /// By CPU number: the CPU's position and that of its node.
    static func places(of cpus: [(id: CPUID, node: Int)]) -> [CPUPlace] {
        var places = [CPUPlace](repeating: CPUPlace(), count: (cpus.last.map { Int($0.id.rawValue) } ?? -1) + 1)
        for (position, cpu) in cpus.enumerated() {
            places[Int(cpu.id.rawValue)] = CPUPlace(position: Int32(position), node: UInt16(cpu.node))
        }
        return places
    }

    /// By node number: the node's position, or -1 if there is no such node.
    static func positions(of nodes: [Topology.Node]) -> [Int16] {
        var positions = [Int16](repeating: -1, count: (nodes.last.map { Int($0.id.rawValue) } ?? -1) + 1)
        for (position, node) in nodes.enumerated() { positions[Int(node.id.rawValue)] = Int16(position) }
        return positions
    }

    /// The zonelists given, or computed from distances; a policy may change them.
    static func zonelists(
        of topology: Topology, _ positions: [Int16], _ profile: KernelProfile, _ policy: (any AllocatorPolicy)?,
        _ order: ZonelistOrder, spans: [ZoneSpan], given: [NodeID: [ZoneReference]]
    ) -> Zonelists {
        func build(_ given: [NodeID: [ZoneReference]]) -> Zonelists {
            Zonelists(
                topology: topology, positions: positions, profile: profile, order: order, spans: spans, given: given)
        }
        let usual = build(given)
        guard let policy else { return usual }
        return build(
            policy.zonelists(
                usual: usual, nodes: topology.nodes.map(\.id), kinds: topology.architecture.zoneKinds))
    }
}
