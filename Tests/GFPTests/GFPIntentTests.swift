import Foundation
import Testing

@testable import GFP

@Suite("What a GFP mask asks for")
struct GFPIntentTests {
    private let x86: [ZoneKind] = [.dma, .dma32, .normal, .movable, .device]

    @Test(
        "reserves: the mark left when min is 1000 pages",
        arguments: [
            (.GFP_KERNEL, .none, 1000), (.GFP_NOWAIT, .none, 1000), (.GFP_ATOMIC, .fiveEighths, 375),
            ([.GFP_KERNEL, .high], .half, 500), ([.GFP_ATOMIC, .noMemAlloc], .half, 500),
            ([.GFP_KERNEL, .memAlloc], .all, 0), ([.GFP_KERNEL, .memAlloc, .noMemAlloc], .none, 1000),
        ] as [(GFPFlags, GFPReserve, Int)])
    func reserves(flags: GFPFlags, reserve: GFPReserve, mark: Int) {
        #expect(GFPReserve(flags) == reserve)
        #expect(GFPReserve(flags).mark(min: 1000) == mark)
    }

    @Test("marks round as the kernel does: each part down before it is taken off")
    func rounding() {
        #expect(GFPReserve.half.mark(min: 7) == 4)
        #expect(GFPReserve.fiveEighths.mark(min: 7) == 3)
        #expect(GFPReserve.fiveEighths.mark(min: 0) == 0)
    }

    @Test("GFP_ATOMIC: Normal, unmovable, no sleep, HighAtomic blocks, fails at once")
    func atomic() throws {
        let intent = try GFPIntent(.GFP_ATOMIC, configured: x86)
        #expect(intent.highestZone == .normal)
        #expect(intent.mobility == .unmovable)
        #expect(!intent.maySleep && intent.wakesKswapd && intent.mayUseHighAtomic && intent.mayIgnoreCpuset)
        #expect(intent.persistence == .noWaiting)
    }

    @Test("user memory may lie in the Movable zone, movable memory without HIGHMEM may not")
    func movable() throws {
        #expect(try GFPIntent(.GFP_HIGHUSER_MOVABLE, configured: x86).highestZone == .movable)
        let plain = try GFPIntent([.GFP_KERNEL, .movable], configured: x86)
        #expect(plain.highestZone == .normal && plain.mobility == .movable)
    }

    @Test(
        "how hard it tries",
        arguments: [
            (.GFP_KERNEL, .usual), (.GFP_NOWAIT, .noWaiting), ([.GFP_KERNEL, .noRetry], .light),
            ([.GFP_KERNEL, .retryMayFail], .progress), ([.GFP_KERNEL, .noFail], .forever),
        ] as [(GFPFlags, GFPPersistence)])
    func persistence(flags: GFPFlags, persistence: GFPPersistence) {
        #expect(GFPPersistence(flags) == persistence)
    }

    @Test(
        "masks that exclude themselves",
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
    func impossible(flags: GFPFlags, message: String) {
        let error = #expect(throws: GFPIntentError.self) { try GFPIntent(flags, configured: x86) }
        #expect(error?.description == message)
    }
}
