import BuddyEngine
import GFP
import PageAllocator
import SourceText
import TestSupport
import Testing

@testable import Topology

/// A machine booted from its firmware's memory and its command line ends up as the recorded kernel did.
@Suite struct RecordedBootTests {
    static let paths = KnownRecordings.chosen.filter { path in
        ["i386", "arm64", "riscv"].contains { path.split(separator: "/").last?.hasPrefix($0) == true }
    }

    private func boot(_ recorded: RecordedMachine) throws -> Machine {
        var topology = try recorded.topology()
        let values = recorded.root["sysctl"]
        func number(_ name: String) -> Int? { values?[name]?.string.flatMap { Int($0) } }
        topology.sysctls.minFreeKbytes = number("min_free_kbytes")
        topology.sysctls.watermarkScaleFactor = number("watermark_scale_factor") ?? 10
        topology.sysctls.percpuPagelistHighFraction = number("percpu_pagelist_high_fraction") ?? 0
        let ratios = values?["lowmem_reserve_ratio"]?.string?.split { $0 == "\t" || $0 == " " } ?? []
        for (kind, ratio) in zip(topology.architecture.zoneKinds, ratios) {
            topology.sysctls.lowmemReserveRatio[kind] = Int(ratio)
        }
        let ids = topology.nodes.map(\.id)
        let rows = recorded.nodes.map { ($0["distance"]?.array ?? []).compactMap(\.int).map { UInt8($0) } }
        topology.distances = DistanceMatrix(nodes: ids, rows: rows)
        // All CPUs of numa=fake= have node 0 as theirs.
        if recorded.parameters["numa"]?.hasPrefix("fake") == true {
            for index in topology.nodes.indices.dropFirst() { topology.nodes[index].cpus = [] }
        }
        return try Machine(topology)
    }

    private func position(of zone: JSONValue, _ node: JSONValue, in machine: borrowing Machine) throws -> Int {
        let kind = zone["name"]?.string.flatMap { ZoneKind(kernelName: $0) }
        let reference = ZoneReference(node: NodeID(node["nid"]?.int ?? 0), kind: try #require(kind))
        let position = machine.position(of: reference)
        return try #require(position, "\(reference)")
    }

    @Test(arguments: paths)
    func `fallback orders, reserves and what is kept apart are the recorded ones`(path: String) throws {
        let recorded = try RecordedMachine(path: path)
        let machine = try boot(recorded)
        for node in recorded.nodes {
            let list = machine.zonelist(of: NodeID(node["nid"]?.int ?? 0)).map { "\($0.node) \($0.kind)" }
            let expected = (node["zonelist_fallback"]?.array ?? []).map {
                "\($0[0]?.int ?? -1) \($0[1]?.string ?? "")"
            }
            #expect(list == expected)
            for zone in node["zones"]?.array ?? [] where zone["present"]?.int != 0 {
                let position = try position(of: zone, node, in: machine)
                let reserves = (zone["lowmem_reserve"]?.array ?? []).compactMap(\.int)
                for (index, pages) in reserves.enumerated() {
                    let own = machine.withZone(position) { $0.lowmemReserve(against: index) }
                    #expect(own == pages, "\(zone["name"]?.string ?? "") against \(index)")
                }
                let threshold = machine.withZone(position) { Int($0.buddy.counters.threshold) }
                #expect(threshold == zone["pcp"]?[0]?["stat_threshold"]?.int)
            }
        }
        let isApart = recorded.root["const"]?["page_group_by_mobility_disabled"]?.int == 0
        #expect(machine.snapshot().isMobilityGroupingDisabled == !isApart)
        #expect(machine.maximumOrder.rawValue + 1 == recorded.root["const"]?["nr_orders"]?.int ?? 0)
        #expect(Int(machine.topology.pageblockOrder.rawValue) == recorded.root["const"]?["pageblock_order"]?.int)
        #expect(machine.topology.hugePageOrder.map { Int($0.rawValue) } == recorded.root["const"]?["thp_order"]?.int)
    }

    /// After a sysctl was written exactly; else they were worked out at boot, when a fortieth of a zone at most was not yet
    /// the allocator's.
    @Test(arguments: paths)
    func `watermarks and per-CPU list sizes are the recorded ones`(path: String) throws {
        let recorded = try RecordedMachine(path: path)
        let machine = try boot(recorded)
        let isExact = ["-recalc-", "-sysctl-minfree", "-sysctl-wsf"].contains(where: path.contains)
        func agree(_ own: Int, _ value: Int?) -> Bool {
            guard let value else { return false }
            return isExact ? own == value : abs(own - value) <= max(value / 40, 2)
        }
        for node in recorded.nodes {
            for zone in node["zones"]?.array ?? [] where zone["present"]?.int != 0 {
                let position = try position(of: zone, node, in: machine)
                let own = machine.withZone(position) {
                    [
                        $0.watermark(.min), $0.watermark(.low), $0.watermark(.high), $0.pagesetHighMin,
                        $0.pagesetHighMax,
                    ]
                }
                let batch = machine.withZone(position) { $0.pagesetBatch }
                let marks = zone["watermark"]
                let expected = [
                    marks?["min"]?.int, marks?["low"]?.int, marks?["high"]?.int, zone["pageset_high_min"]?.int,
                    zone["pageset_high_max"]?.int,
                ]
                #expect(
                    zip(own, expected).allSatisfy { agree($0, $1) },
                    "\(zone["name"]?.string ?? ""): \(own), \(expected)")
                if isExact { #expect(batch == zone["pageset_batch"]?.int) }
            }
        }
    }

    /// Where a zone begins inside a pageblock, its first pages are Unmovable if boot saw no page at the block's start: in
    /// i386's HighMem, whose zones have types of their own, and at address 0.
    @Test(arguments: paths.filter { $0.contains("-topo-") })
    func `pageblocks that a zone's start cuts have the recorded type`(path: String) throws {
        let recorded = try RecordedMachine(path: path)
        let machine = try boot(recorded)
        for node in recorded.nodes {
            for zone in node["zones"]?.array ?? [] where zone["present"]?.int != 0 {
                guard let start = zone["start_pfn"]?.int, start % machine.topology.pageblockOrder.pages != 0 else {
                    continue
                }
                let position = try position(of: zone, node, in: machine)
                let type = machine.withZone(position) { $0.buddy.pageblockType(of: PageFrame(start)) }
                #expect(type.kernelName == zone["pageblocks"]?[0]?[2]?.string)
            }
        }
    }
}
