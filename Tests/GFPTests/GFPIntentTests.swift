import Foundation
import Testing

@testable import GFP

@Suite
struct GFPIntentTests {
    private let x86: [ZoneKind] = [.dma, .dma32, .normal, .movable, .device]

    @Test(
        arguments: [
            (.GFP_KERNEL, .none, .none), (.GFP_NOWAIT, .none, .none), ([.GFP_KERNEL, .high], .half, .half),
            ([.GFP_ATOMIC, .atomic], .fiveEighths, .fiveEighths), ([.GFP_NOWAIT, .high], .fiveEighths, .half),
            ([.GFP_NOWAIT, .atomic], .none, .quarter), ([.GFP_KERNEL, .atomic], .none, .none),
            ([.GFP_ATOMIC, .atomic, .noMemAlloc], .half, .half), ([.GFP_KERNEL, .memAlloc], .all, .all),
            ([.GFP_KERNEL, .memAlloc, .noMemAlloc], .none, .none),
        ] as [(GFPFlags, GFPReserve, GFPReserve)])
    func `what a mask may use of the reserves is as the kernel's rules have it`(
        flags: GFPFlags, now: GFPReserve, in5_10: GFPReserve
    ) {
        #expect(GFPReserve(flags, rules: .v6_12) == now)
        #expect(GFPReserve(flags, rules: .v5_10) == in5_10)
    }

    @Test func `each part of a mark is rounded down before it is taken off`() {
        let atomic: AllocFlags = [.minReserve, .nonBlock]
        for rules in [ReserveRules.v5_10, .v6_12] {
            #expect(rules.lowered(7, for: .minReserve) == 4)
            #expect(rules.lowered(7, for: atomic) == 3)
            #expect(rules.lowered(0, for: atomic) == 0)
            #expect(rules.lowered(1000, for: atomic) == 375)
            #expect(rules.lowered(1000, for: .oom) == 500)
        }
        #expect(ReserveRules.v5_10.lowered(1000, for: .nonBlock) == 750)
        #expect(ReserveRules.v6_12.lowered(1000, for: .nonBlock) == 1000)
    }

    @Test func `GFP_ATOMIC: Normal, unmovable, no sleep, HighAtomic blocks, fails at once`() throws {
        let intent = try GFPIntent(.GFP_ATOMIC, configured: x86)
        #expect(intent.highestZone == .normal)
        #expect(intent.mobility == .unmovable)
        #expect(!intent.maySleep && intent.wakesKswapd && intent.mayUseHighAtomic && intent.mayIgnoreCpuset)
        #expect(intent.persistence == .noWaiting)
    }

    @Test func `user memory may lie in the Movable zone, movable memory without HIGHMEM may not`() throws {
        #expect(try GFPIntent(.GFP_HIGHUSER_MOVABLE, configured: x86).highestZone == .movable)
        let plain = try GFPIntent([.GFP_KERNEL, .movable], configured: x86)
        #expect(plain.highestZone == .normal && plain.mobility == .movable)
    }

    @Test(
        arguments: [
            (.GFP_KERNEL, .usual), (.GFP_NOWAIT, .noWaiting), ([.GFP_KERNEL, .noRetry], .light),
            ([.GFP_KERNEL, .retryMayFail], .progress), ([.GFP_KERNEL, .noFail], .forever),
        ] as [(GFPFlags, GFPPersistence)])
    func `how hard it tries`(flags: GFPFlags, persistence: GFPPersistence) {
        #expect(GFPPersistence(flags) == persistence)
    }

    @Test(
        arguments: [
            (
                [.dma, .dma32],
                "__GFP_DMA|__GFP_DMA32 selects several zones; "
                    + "a mask may have one of __GFP_DMA, __GFP_DMA32 and __GFP_HIGHMEM"
            ),
            (
                [.GFP_HIGHUSER, .dma],
                "__GFP_DMA|__GFP_HIGHMEM selects several zones; "
                    + "a mask may have one of __GFP_DMA, __GFP_DMA32 and __GFP_HIGHMEM"
            ),
            (
                [.movable, .reclaimable],
                "__GFP_MOVABLE|__GFP_RECLAIMABLE is contradictory; "
                    + "a page is movable or reclaimable, so keep one of them"
            ),
        ] as [(GFPFlags, String)])
    func `masks that exclude themselves`(flags: GFPFlags, message: String) {
        let error = #expect(throws: GFPIntentError.self) { try GFPIntent(flags, configured: x86) }
        #expect(error?.description == message)
    }
}
