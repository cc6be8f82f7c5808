import BuddyEngine
import GFP
import Testing
import Topology

@testable import PageAllocator

/// The arithmetic of marks, reserves, lists and thresholds, by hand (`__setup_per_zone_wmarks`,
/// `setup_per_zone_lowmem_reserve`, `zone_batchsize`, mm/page_alloc.c; `calculate_normal_threshold`, mm/vmstat.c).
@Suite struct SizingRuleTests {
    @Test func `marks lie a quarter of the zone's share apart; Movable and HighMem are kept small`() {
        func marks(_ zones: [ZoneSizing.Zone], _ profile: KernelProfile) -> [WatermarkValues] {
            ZoneSizing.watermarks(
                of: zones, minFreeKbytes: 4096, scaleFactor: 10, pageSize: 4096, rules: profile.sizing)
        }
        let one = marks([.init(kind: .normal, managed: 100_000)], .v6_12)
        #expect(one == [WatermarkValues(min: 1024, low: 1280, high: 1536, promo: 1792)])
        let movable: [ZoneSizing.Zone] = [
            .init(kind: .normal, managed: 100_000), .init(kind: .movable, managed: 300_000),
        ]
        #expect(marks(movable, .v6_12).map(\.min) == [1024, 128])
        #expect(marks(movable, .v6_1).map(\.min) == [256, 768])
        let high: [ZoneSizing.Zone] = [
            .init(kind: .normal, managed: 100_000), .init(kind: .highMem, managed: 1_000_000),
        ]
        #expect(marks(high, .v6_1).map(\.min) == [1024, 128])
        // A large scale factor decides instead.
        let wide = ZoneSizing.watermarks(
            of: [.init(kind: .normal, managed: 100_000)], minFreeKbytes: 4096, scaleFactor: 1000, pageSize: 4096,
            rules: KernelProfile.v6_12.sizing)
        #expect(wide[0].low == 1024 + 10_000 && wide[0].high == 1024 + 20_000)
    }

    @Test func `a zone keeps back a part of all zones above`() {
        #expect(
            ZoneSizing.lowmemReserves(managed: [10, 1000, 5000, 700], ratios: [10, 10, 0, 0]) == [
                [0, 100, 600, 670], [0, 0, 500, 570], [0, 0, 0, 0], [0, 0, 0, 0],
            ])
    }

    @Test func `the batch is a power of two less one, the threshold at most 125`() {
        let set = ZoneSizing.pageset(
            managed: 1_000_000, low: 20_000, cpusOfNode: 4, onlineCPUs: 8, highFraction: 0, pageSize: 4096,
            rules: KernelProfile.v6_12.perCPU)
        #expect(set.batch == 63 && set.highMin == 5000 && set.highMax == 31_250)
        #expect(ZoneSizing.counterThreshold(managed: 131_072, onlineCPUs: 2, pageSize: 4096) == 16)
        #expect(ZoneSizing.counterThreshold(managed: 1 << 30, onlineCPUs: 1024, pageSize: 4096) == 125)
    }

    @Test func `the drift mark is above the high mark where the CPUs' parts could hide the min mark`() {
        let marks = WatermarkValues(min: 100, low: 110, high: 120, boost: 7)
        #expect(ZoneSizing.driftMark(marks, threshold: 10, onlineCPUs: 4) == 120 + 7 + 40)
        #expect(ZoneSizing.driftMark(marks, threshold: 5, onlineCPUs: 2) == 0)
        #expect(ZoneSizing.driftMark(marks, threshold: 11, onlineCPUs: 1) == 138)
    }

    @Test func `a machine of fewer pageblocks than types does not keep types apart`() throws {
        for (pageblocks, isDisabled) in [(4, true), (5, false)] {
            let machine = try ZoneRuleTests.machine(pages: pageblocks * 512)
            #expect(machine.isMobilityGroupingDisabled == isDisabled)
        }
    }

    @Test func `a zone of which nothing is managed is on no zonelist`() throws {
        var topology = WalkTests.topology()
        topology.reserved = [WalkTests.mib(1024..<1152)]
        let machine = try Machine(topology)
        let normal = ZoneReference(node: 0, kind: .normal)
        #expect(machine.zonelist(of: 0) == [normal, ZoneReference(node: 1, kind: .normal)])
    }
}
