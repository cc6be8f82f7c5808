import BuddyEngine
import GFP
import KernelText
import PageAllocator
import Topology

/// A file of procfs, or the output of a tool, in whose form a machine can be printed, so that programs made for it can
/// read it.
public enum KernelFileFormat: String, CaseIterable, Hashable, Sendable {
    case buddyinfo, zoneinfo, pagetypeinfo, numastat, vmstat

    /// The machine in the kernel's own text, ready to be printed.
    ///
    /// - Parameters:
    ///   - machine: The machine.
    ///   - source: The snapshot that the machine was built from and has not changed since. Its counters for what the
    ///     machine does not model (`nr_zone_active_anon`, ...) are printed; without it such counters are 0.
    /// - Returns: The text.
    public func text(of machine: borrowing Machine, source: Snapshot? = nil) -> String {
        switch self {
        case .buddyinfo: BuddyInfoText(machine).text
        case .zoneinfo: ZoneInfoText(machine.kernelSnapshot(source: source)).text
        case .pagetypeinfo: PageTypeInfoText(machine, source: source).text
        case .numastat: NUMAStatText(machine, source: source).text
        case .vmstat: VMStatText(machine).text
        }
    }
}

extension BuddyInfoText {
    /// The free blocks of every zone of a machine.
    public init(_ machine: borrowing Machine) {
        let report = MachineReport(machine)
        self.init(
            rows: report.zones.map { zone in
                BuddyInfoText.Row(node: zone.node, zone: zone.kind.kernelName, counts: zone.totals)
            })
    }
}

extension PageTypeInfoText {
    /// The free blocks of every zone of a machine by migratetype, and its pageblocks.
    ///
    /// CMA has a row on machines with CMA memory only: other kernels are mostly built without it.
    ///
    /// - Parameters:
    ///   - machine: The machine.
    ///   - source: The snapshot that the machine was built from.
    public init(_ machine: borrowing Machine, source: Snapshot? = nil) {
        let report = MachineReport(machine)
        let topology = machine.topology
        let hasCMA = report.zones.contains { $0.cma > 0 }
        let types = Migratetype.allCases.filter { $0 != .cma || hasCMA }
        var pageblocks: [ZoneReference: [Migratetype: Int]] = [:]
        for position in 0..<machine.zoneCount {
            machine.withZone(position) { zone in
                pageblocks[zone.reference] = source?.pageblocks(of: zone.reference) ?? zone.pageblockCounts
            }
        }
        let sections = report.nodes.filter { $0.present > 0 }.map { node in
            let zones = report.zones.filter { $0.node == node.id }
            var section = Section(
                pageblockOrder: Int(topology.pageblockOrder.rawValue), pagesPerBlock: topology.pageblockOrder.pages,
                orders: Int(topology.maximumOrder.rawValue) + 1, types: types.map(\.kernelName))
            for zone in zones {
                for type in types {
                    let counts = zone.freeBlocks.first { $0.type == type }?.counts ?? []
                    section.free.append(
                        FreeRow(
                            node: node.id, zone: zone.kind.kernelName, type: type.kernelName,
                            counts: counts.map { Count(min($0, Self.mostCounted), isCapped: $0 >= Self.mostCounted) }))
                }
                let blocks = pageblocks[ZoneReference(node: zone.node, kind: zone.kind)] ?? [:]
                section.blocks.append(
                    BlockRow(node: node.id, zone: zone.kind.kernelName, counts: types.map { blocks[$0] ?? 0 }))
            }
            return section
        }
        self.init(sections: sections)
    }

    /// Where the kernel stops counting (`pagetypeinfo_showfree_print`, mm/vmstat.c, 5.4 and later).
    private static var mostCounted: Int { 100_000 }
}

extension Snapshot {
    fileprivate func pageblocks(of zone: ZoneReference) -> [Migratetype: Int]? {
        zones.first { $0.span.node == zone.node && $0.span.kind == zone.kind }?.pageblockCounts
    }
}

extension PageAllocator.Zone {
    /// Pageblocks with memory, by type (`pagetypeinfo_showblockcount_print`, mm/vmstat.c).
    fileprivate var pageblockCounts: [Migratetype: Int] {
        var counts: [Migratetype: Int] = [:]
        let size = buddy.pageblockOrder.pages
        for run in buddy.pageblockRuns() {
            // Two segments may share a pageblock.
            var next: UInt64 = 0
            let end = run.first + run.count * size
            for segment in segments where segment.lowerBound < end && segment.upperBound > run.first {
                let first = max(max(segment.lowerBound.rawValue, run.first.rawValue) / UInt64(size), next)
                let last = (min(segment.upperBound.rawValue, end.rawValue) - 1) / UInt64(size)
                guard first <= last else { continue }
                counts[run.type, default: 0] += Int(last - first) + 1
                next = last + 1
            }
        }
        return counts
    }
}

extension NUMAStatText {
    /// The table that the tool `numastat` prints of all nodes' counters.
    ///
    /// - Parameters:
    ///   - machine: The machine.
    ///   - source: The snapshot that the machine was built from.
    public init(_ machine: borrowing Machine, source: Snapshot? = nil) {
        let report = MachineReport(machine)
        // A zone's counter, and the name of the sum over its node.
        let names: [(zone: String, node: String, value: KeyPath<NUMACounters, Int> & Sendable)] = [
            ("numa_hit", "numa_hit", \.hit), ("numa_miss", "numa_miss", \.miss),
            ("numa_foreign", "numa_foreign", \.foreign), ("numa_interleave", "interleave_hit", \.interleave),
            ("numa_local", "local_node", \.local), ("numa_other", "other_node", \.other),
        ]
        let rows = names.map { name in
            let values = report.nodes.map { node in
                report.zones.filter { $0.node == node.id }.reduce(UInt64(0)) { sum, zone in
                    let printed = source?.zone(node.id, zone.kind)?.counters[name.zone]
                    return sum &+ UInt64(bitPattern: Int64(printed ?? zone.numa[keyPath: name.value]))
                }
            }
            return Row(name: name.node, values: values)
        }
        self.init(layout: .table, nodes: report.nodes.map(\.id), rows: rows)
    }
}

extension VMStatText {
    /// The counters that a machine has kept since it began.
    public init(_ machine: borrowing Machine) {
        self.init(counters: machine.vmstat().map { NamedCounter(name: $0.name, value: UInt64(max($0.value, 0))) })
    }
}

extension Snapshot {
    func zone(_ node: NodeID, _ kind: ZoneKind) -> ZoneSnapshot? {
        zones.first { $0.span.node == node && $0.span.kind == kind }
    }
}
