import BuddyEngine
import GFP

/// The order in which a zonelist has the zones of all nodes (`numa_zonelist_order`, to 4.13).
public enum ZonelistOrder: String, Hashable, Sendable {
    /// Node by node, each from its highest zone down: near memory first (`build_zonelists_in_node_order`).
    case node
    /// Zone by zone, for each kind the nearest node's first: DMA zones last (`build_zonelists_in_zone_order`).
    case zone
}

extension Topology {
    /// The order that the machine's kernel uses. From 4.14 on there is only the order by node. Before, the sysctl
    /// chooses; at its default, kernels from 3.16 on use the order by node on 64-bit machines and by zone on 32-bit
    /// ones, while older ones decide by the size of the DMA zones (`default_zonelist_order`, mm/page_alloc.c, 3.10 and
    /// 4.13).
    ///
    /// - Parameters:
    ///   - zones: The machine's zones.
    public func zonelistOrder(of zones: [ZoneSpan]) -> ZonelistOrder {
        guard !kernel.has(.nodeOrderOnly), nodes.count > 1 else { return .node }
        if let chosen = sysctls.zonelistOrder { return chosen }
        guard !kernel.has(.nodeOrderByDefault) else { return architecture.is32BitX86 ? .zone : .node }
        return prefersNodeOrder(zones) ? .node : .zone
    }

    /// Whether the DMA zones, of the machine or of a node, are so large that using them last would send too many
    /// requests to distant nodes.
    private func prefersNodeOrder(_ zones: [ZoneSpan]) -> Bool {
        func isLow(_ zone: ZoneSpan) -> Bool { zone.kind < .normal }
        let total = zones.reduce(0) { $0 + $1.managed }
        let low = zones.reduce(0) { isLow($1) ? $0 + $1.managed : $0 }
        guard low > 0, low <= total / 2 else { return true }
        let ofNode = Dictionary(grouping: zones.filter { $0.managed > 0 }, by: \.node)
        // A node with only, or mostly, low memory: the kernel's own allocations should stay there.
        let average = total / (ofNode.count + 1)
        return nodes.contains { node in
            let own = ofNode[node.id] ?? []
            let all = own.reduce(0) { $0 + $1.managed }
            let low = own.reduce(0) { isLow($1) ? $0 + $1.managed : $0 }
            return kernel.has(.nodeOrderForLowNodes) && !own.contains { $0.kind == .normal }
                || low > 0 && all > average && low > all * 70 / 100
        }
    }
}

extension Sysctls {
    /// The order that `numa_zonelist_order` chooses; nil for the default and for unknown values. The kernel looks at
    /// the first letter only (`__parse_numa_zonelist_order`, 4.13).
    public var zonelistOrder: ZonelistOrder? {
        switch numaZonelistOrder?.first {
        case "n", "N": .node
        case "z", "Z": .zone
        default: nil
        }
    }
}
