import PageAllocator
import Topology

/// A rule, differing between kernels, by which a machine's memory was laid out: its subject, its statement and its
/// source.
public struct LayoutRule: Hashable, Sendable {
    /// What it decides.
    public var subject: String
    /// What it says.
    public var rule: String
    /// The kernels that follow it.
    public var kernels: String
    /// The kernel's function and its file.
    public var source: String
}

extension LayoutRule {
    /// The rules that were used for a machine.
    static func all(of machine: borrowing Machine) -> [LayoutRule] {
        let topology = machine.topology
        var rules: [LayoutRule] = []
        if topology.nodes.count > 1 {
            rules += [order(machine.zonelistOrder, topology), load(machine.profile.nodeLoading)]
        }
        rules.append(steps(machine.profile.sizing.watermarkSteps))
        rules.append(batches(machine.profile.perCPU.batchKibibytes))
        if (0..<machine.zoneCount).contains(where: { position in machine.withZone(position) { $0.kind == .movable } }) {
            rules.append(movable(machine.profile.sizing))
        }
        if topology.sysctls.minFreeKbytes == nil {
            rules.append(limit(topology))
            if topology.usesTransparentHugePages { rules.append(hugePages(topology)) }
        }
        return rules
    }

    private static func order(_ order: ZonelistOrder, _ topology: Topology) -> LayoutRule {
        let kernels = chooser(topology)
        return switch order {
        case .node:
            LayoutRule(
                subject: "zonelists", rule: "node by node, in each from the highest zone down", kernels: kernels,
                source: "build_zonelists_in_node_order, mm/page_alloc.c")
        case .zone:
            LayoutRule(
                subject: "zonelists", rule: "zone by zone, of each kind the nearest node's first", kernels: kernels,
                source: "build_zonelists_in_zone_order, mm/page_alloc.c")
        }
    }

    /// What made the order this one.
    private static func chooser(_ topology: Topology) -> String {
        let kernel = topology.kernel
        if kernel.has(.nodeOrderOnly) { return "4.14 on, the only order" }
        if topology.sysctls.zonelistOrder != nil { return "to 4.13, as numa_zonelist_order says" }
        return kernel.has(.nodeOrderByDefault)
            ? "3.16 to 4.13, the default of \(topology.architecture.is32BitX86 ? "32" : "64")-bit kernels"
            : "to 3.15, by the size of the DMA zones, default_zonelist_order"
    }

    private static func load(_ loading: KernelProfile.NodeLoading) -> LayoutRule {
        switch loading {
        case .placesLeft:
            LayoutRule(
                subject: "equally far nodes",
                rule: "the first of a distance gets as much load as there are places left on the list",
                kernels: "to 5.15", source: "build_zonelists, mm/page_alloc.c")
        case .placesLeftAdded:
            LayoutRule(
                subject: "equally far nodes",
                rule: "the first of a distance gets as much more load as there are places left on the list",
                kernels: "5.16 to 5.18", source: "build_zonelists, mm/page_alloc.c")
        case .timesChosen:
            LayoutRule(
                subject: "equally far nodes", rule: "the first of a distance gets one more load each time",
                kernels: "5.19 on", source: "build_zonelists, mm/page_alloc.c")
        }
    }

    private static func steps(_ steps: KernelProfile.SizingRules.WatermarkSteps) -> LayoutRule {
        switch steps {
        case .partsOfShare:
            LayoutRule(
                subject: "watermarks",
                rule: "low a quarter, high half of the zone's share of min_free_kbytes above min", kernels: "to 4.5",
                source: "__setup_per_zone_wmarks, mm/page_alloc.c")
        case .scaleFactor:
            LayoutRule(
                subject: "watermarks",
                rule: "a quarter of the share, or watermark_scale_factor's part of the zone, apart", kernels: "4.6 on",
                source: "__setup_per_zone_wmarks, mm/page_alloc.c")
        }
    }

    private static func batches(_ kibibytes: Int) -> LayoutRule {
        LayoutRule(
            subject: "per-CPU lists", rule: "batches of at most a quarter of \(kibibytes) KiB",
            kernels: kibibytes < 1024 ? "to 4.18" : "4.19 on", source: "zone_batchsize, mm/page_alloc.c")
    }

    private static func movable(_ rules: KernelProfile.SizingRules) -> LayoutRule {
        LayoutRule(
            subject: "Movable's minimum",
            rule: rules.movableIsLikeHighMem ? "32 to 128 pages, as HighMem's" : "a share of min_free_kbytes",
            kernels: rules.movableIsLikeHighMem ? "6.6 on" : "to 6.5",
            source: "__setup_per_zone_wmarks, mm/page_alloc.c")
    }

    private static func limit(_ topology: Topology) -> LayoutRule {
        LayoutRule(
            subject: "min_free_kbytes",
            rule: "by the square root of low memory, at most \(topology.highestMinFreeKbytes)",
            kernels: topology.highestMinFreeKbytes > 65_536 ? "5.8 on" : "to 5.7",
            source: "calculate_min_free_kbytes, mm/page_alloc.c")
    }

    private static func hugePages(_ topology: Topology) -> LayoutRule {
        topology.countsMovableForHugePages
            ? LayoutRule(
                subject: "huge pages' min_free_kbytes",
                rule: "eleven pageblocks for each zone, Movable and HighMem too",
                kernels: "to 4.16", source: "set_recommended_min_free_kbytes, mm/khugepaged.c")
            : LayoutRule(
                subject: "huge pages' min_free_kbytes", rule: "eleven pageblocks for each zone up to Normal",
                kernels: "4.17 on", source: "set_recommended_min_free_kbytes, mm/khugepaged.c")
    }
}
