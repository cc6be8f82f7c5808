import BuddyEngine
import TestSupport
import Testing

@testable import GFP

@Suite
struct GFPFlagsTests {
    @Test func `every flag is one bit, has one name, and both are its own`() {
        for entry in GFPFlags.named { #expect(entry.flag.rawValue.nonzeroBitCount == 1, "\(entry.name)") }
        #expect(Set(GFPFlags.named.map(\.flag)).count == GFPFlags.named.count)
        #expect(Set(GFPFlags.named.map(\.name)).count == GFPFlags.named.count)
    }

    @Test func `a flag that 6.12 has sits where 6.12 with every option puts it, any other from bit 40 up`() {
        let layout = GFPLayout.layout(
            for: KernelVersion(6, 12), options: [.kasanHardwareTags, .lockdep, .slabObjectExtensions])
        for entry in GFPFlags.named {
            if layout.flags.contains(entry.flag) {
                #expect(layout.kernelValue(of: entry.flag) == entry.flag.rawValue, "\(entry.name)")
            } else {
                #expect(entry.flag.rawValue >= 1 << 40, "\(entry.name)")
            }
        }
    }

    @Test func `the composites in Swift are those of the newest layout`() {
        let byName: [(String, GFPFlags)] = [
            ("GFP_ATOMIC", .GFP_ATOMIC), ("GFP_KERNEL", .GFP_KERNEL), ("GFP_KERNEL_ACCOUNT", .GFP_KERNEL_ACCOUNT),
            ("GFP_NOWAIT", .GFP_NOWAIT), ("GFP_NOIO", .GFP_NOIO), ("GFP_NOFS", .GFP_NOFS), ("GFP_USER", .GFP_USER),
            ("GFP_DMA", .GFP_DMA), ("GFP_DMA32", .GFP_DMA32), ("GFP_HIGHUSER", .GFP_HIGHUSER),
            ("GFP_HIGHUSER_MOVABLE", .GFP_HIGHUSER_MOVABLE), ("GFP_TRANSHUGE_LIGHT", .GFP_TRANSHUGE_LIGHT),
            ("GFP_TRANSHUGE", .GFP_TRANSHUGE),
        ]
        for (name, flags) in byName { #expect(GFPLayout.newest.composite(named: name) == flags, "\(name)") }
        #expect(Set(byName.map(\.0)) == Set(GFPLayout.newest.compositeNames))
    }

    @Test func `the mobility bits choose the free lists`() {
        #expect(GFPFlags.GFP_KERNEL.migratetype == .unmovable)
        #expect(GFPFlags.GFP_HIGHUSER_MOVABLE.migratetype == .movable)
        #expect(GFPFlags([.GFP_KERNEL, .reclaimable]).migratetype == .reclaimable)
    }

    /// The comment above `GFP_ZONE_TABLE`, include/linux/gfp.h, 6.12, as a table.
    @Test(
        arguments: [
            (0x0, ZoneKind.normal, ZoneKind.normal, ZoneKind.normal), (0x1, .dma, .dma, .normal),
            (0x2, .normal, .highMem, .normal), (0x3, nil, nil, nil), (0x4, .dma32, .normal, .normal),
            (0x5, nil, nil, nil), (0x6, nil, nil, nil), (0x7, nil, nil, nil), (0x8, .normal, .normal, .normal),
            (0x9, .dma, .dma, .normal), (0xA, .movable, .movable, .movable), (0xB, nil, nil, nil),
            (0xC, .dma32, .normal, .normal), (0xD, nil, nil, nil), (0xE, nil, nil, nil), (0xF, nil, nil, nil),
        ] as [(Int, ZoneKind?, ZoneKind?, ZoneKind?)])
    func `the sixteen zone selectors on x86-64, i386 and a kernel with Normal only`(
        selector: Int, x86: ZoneKind?, i386: ZoneKind?, plain: ZoneKind?
    ) {
        let highest = GFPFlags.highestZone(selector:configured:)
        #expect(highest(selector, [.dma, .dma32, .normal, .movable, .device]) == x86)
        #expect(highest(selector, [.dma, .normal, .highMem, .movable]) == i386)
        #expect(highest(selector, [.normal, .movable]) == plain)
        #expect(GFPFlags(rawValue: UInt64(selector)).zoneSelector == selector)
    }

    @Test func `a selector outside 0 to 15 is impossible, without a Movable zone HIGHMEM|MOVABLE is HIGHMEM`() {
        #expect(GFPFlags.highestZone(selector: 16, configured: [.normal]) == nil)
        #expect(GFPFlags.highestZone(selector: -1, configured: [.normal]) == nil)
        #expect(GFPFlags.highestZone(selector: 0xA, configured: [.normal, .highMem]) == .highMem)
    }
}
