import BuddyEngine
import GFP
import Testing
import Topology

@testable import PageAllocator

/// How one zone is judged: marks, reserves, boosts, what is set aside; from the kernel's source where no recording of
/// the project's shows it (`__zone_watermark_ok`, `zone_watermark_fast`, `boost_watermark`, mm/page_alloc.c).
@Suite struct ZoneRuleTests {
    static let kernels = [KernelVersion(6, 1), KernelVersion(6, 12)]

    /// One zone, Normal, of 64 MiB.
    static func machine(_ kernel: KernelVersion = KernelVersion(6, 12), pages: Int = 1 << 14) throws -> Machine {
        let start = PageFrame(1 << 20)
        return try Machine(
            Topology(
                kernel: kernel, nodes: [.init(id: 0, cpus: [0, 1], memory: [start..<(start + pages)])],
                sysctls: Sysctls(watermarkBoostFactor: 15_000)))
    }

    /// The same with nothing free.
    static func emptied(_ kernel: KernelVersion = KernelVersion(6, 12)) throws -> Machine {
        var machine = try Self.machine(kernel)
        for order in (0...10 as ClosedRange<UInt8>).reversed() {
            while machine.allocate(AllocationRequest([.GFP_KERNEL, .memAlloc], order: Order(order))) != nil {}
        }
        machine.drainAll()
        while machine.allocate(AllocationRequest([.GFP_KERNEL, .memAlloc])) != nil {}
        return machine
    }

    @Test(arguments: kernels)
    func `a zone passes with more than its mark and its reserve, not with as much`(kernel: KernelVersion) throws {
        let machine = try Self.machine(kernel)
        let zone = machine.zones
        let highest = zone[0].index
        var reserve = [Int](repeating: 0, count: 6)
        func keeps(_ free: Int) -> Bool { zone[0].keeps(100, order: 0, highest: highest, flags: [], free: free) }
        #expect(!keeps(100) && keeps(101))
        reserve[highest] = 50
        zone[0].setLowmemReserve(reserve)
        #expect(!keeps(150) && keeps(151))
    }

    @Test func `reserves take a half off the mark, three quarters of the rest stay, and a victim's half`() {
        func lowered(_ flags: AllocFlags) -> Int { ReserveRules.v6_12.lowered(1000, for: flags) }
        #expect(lowered([]) == 1000 && lowered(.nonBlock) == 1000)
        #expect(lowered(.minReserve) == 500 && lowered([.minReserve, .nonBlock]) == 375)
        #expect(lowered(.oom) == 500 && lowered([.minReserve, .oom]) == 250)
    }

    @Test(arguments: kernels)
    func `what is kept for others does not count, but for those who may use it`(kernel: KernelVersion) throws {
        let machine = try Self.machine(kernel)
        let zone = machine.zones
        zone[0].buddy.reservedHighAtomic = 512
        zone[0].buddy.counters.highAtomic = kernel == KernelVersion(6, 1) ? 0 : 100
        zone[0].buddy.counters.cma = 64
        let kept = kernel == KernelVersion(6, 1) ? 512 : 100
        func unusable(_ order: Order, _ flags: AllocFlags) -> Int {
            zone[0].test(0, order: order, highest: zone[0].index, flags: flags, free: 0).unusable
        }
        #expect(unusable(0, []) == kept + 64)
        #expect(unusable(3, .cma) == kept + 7)
        for flag in [AllocFlags.minReserve, .nonBlock, .highAtomic, .oom] {
            #expect(unusable(0, [flag, .cma]) == 0)
            #expect(unusable(0, flag) == 64)
        }
    }

    @Test(arguments: kernels)
    func `pages enough are no block, and others' blocks are none either`(kernel: KernelVersion) throws {
        let machine = try Self.emptied(kernel)
        let zone = machine.zones
        func keeps(_ flags: AllocFlags) -> Bool {
            zone[0].keeps(0, order: 4, highest: zone[0].index, flags: flags, free: 1 << 20)
        }
        #expect(!keeps([]) && !keeps([.cma, .highAtomic, .oom]))
        let frame = zone[0].buddy.range.lowerBound
        zone[0].buddy.setPageblockType(of: frame, to: .cma)
        zone[0].buddy.merge(frame, order: 4, type: .cma)
        #expect(!keeps([]) && !keeps(.highAtomic) && keeps(.cma))
        _ = zone[0].buddy.takeBlock(at: frame)
        zone[0].buddy.setPageblockType(of: frame, to: .highAtomic)
        zone[0].buddy.merge(frame, order: 4, type: .highAtomic)
        #expect(!keeps([]) && !keeps(.cma) && !keeps(.minReserve) && keeps(.highAtomic) && keeps(.oom))
    }

    @Test func `below the drift mark a balance test adds the CPUs' parts up`() throws {
        let machine = try Self.machine()
        let zone = machine.zones
        zone[0].setWatermarks(WatermarkValues(min: 200, low: 300, high: 400))
        zone[0].buddy.counters.free = 390
        zone[0].buddy.counters[1].free = 100
        zone[0].percpuDriftMark = 1000
        #expect(zone[0].isSafelyAbove(.high, order: 0, highest: zone[0].index) == true)
        zone[0].percpuDriftMark = 390
        #expect(zone[0].isSafelyAbove(.high, order: 0, highest: zone[0].index) == false)
        zone[0].percpuDriftMark = 0
        #expect(zone[0].isSafelyAbove(.high, order: 0, highest: zone[0].index) == false)
    }

    @Test(arguments: kernels)
    func `each disturbed pageblock boosts by one, up to the factor's part of the high mark`(kernel: KernelVersion)
        throws
    {
        let machine = try Self.machine(kernel)
        let zone = machine.zones
        zone[0].setWatermarks(WatermarkValues(min: 200, low: 300, high: 4000))
        zone[0].buddy.foreignPageblocksDisturbed = 3
        zone[0].applyBoost(flags: [])
        #expect(zone[0].boost == 3 * 512 && !zone[0].flags.contains(.boosted))
        zone[0].buddy.foreignPageblocksDisturbed = 40
        zone[0].applyBoost(flags: .kswapd)
        #expect(zone[0].boost == 6000 && zone[0].flags.contains(.boosted))
        #expect(zone[0].buddy.foreignPageblocksDisturbed == 0)
        // Less than four pageblocks are not boosted.
        let small = try Self.machine(kernel, pages: 2047)
        small.zones[0].buddy.foreignPageblocksDisturbed = 1
        small.zones[0].applyBoost(flags: .kswapd)
        #expect(small.zones[0].boost == 0)
    }

    @Test func `at the min mark some single pages are had without the boost`() throws {
        for kernel in Self.kernels {
            let machine = try Self.machine(kernel)
            let zone = machine.zones
            zone[0].setWatermarks(WatermarkValues(min: 100, low: 300, high: 400, boost: 1000))
            zone[0].buddy.counters.free = 200
            func isAbove(_ gfp: GFPFlags, _ flags: AllocFlags, order: Order = 0) -> Bool {
                zone[0].isAbove(.min, order: order, highest: zone[0].index, flags: flags, gfp: gfp)
            }
            #expect(!isAbove(.GFP_KERNEL, []))
            let isOld = kernel == KernelVersion(6, 1)
            #expect(isAbove(.atomic, []) == isOld)
            #expect(isAbove(.GFP_KERNEL, .minReserve) != isOld)
            #expect(!isAbove(.atomic, .minReserve, order: 1))
        }
    }
}
