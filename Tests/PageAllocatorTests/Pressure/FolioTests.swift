import BuddyEngine
import GFP
import Testing
import Topology

@testable import PageAllocator

/// Page cache that is kept in folios of several pages.
@Suite struct FolioTests {
    private static let order: Order = 5

    /// Takes folios of page cache, and returns the first page of each.
    private func fill(_ machine: inout Machine, _ lru: LRUReclaim, folios: Int) throws -> [PageFrame] {
        var firsts: [PageFrame] = []
        for _ in 0..<folios {
            let served = machine.allocate(AllocationRequest(.GFP_HIGHUSER_MOVABLE, order: Self.order))
            let first = try #require(served)
            lru.add(first..<(first + Self.order.pages), .file, folioOrder: Self.order, in: &machine)
            firsts.append(first)
        }
        machine.reclaimHook = lru
        return firsts
    }

    /// Reclaims 32 pages, or a little more.
    private func reclaim(_ machine: inout Machine, _ lru: LRUReclaim) -> Int {
        let call = ReclaimCall(
            reason: .direct, node: 0, order: 0, highestZoneIndex: machine.zoneKinds.count - 1, gfp: .GFP_KERNEL,
            priority: 0)
        return lru.reclaim(call, in: &machine)
    }

    @Test func `a folio is looked at and freed as a whole, past the per-CPU lists`() throws {
        var machine = try Machine(PressureMachine.topology(KernelVersion(7, 3)))
        let lru = LRUReclaim()
        _ = try fill(&machine, lru, folios: 4)
        let free = machine.freePages
        let freed = reclaim(&machine, lru)
        #expect(freed == 32)
        #expect(machine.freePages == free + 32)
        #expect(machine.counters.foliosScanned == 1)
        #expect(machine.counters.pagesScannedDirectly == 32)
        #expect(lru.heldPages == 96)
        try machine.checkInvariants()
        try lru.checkInvariants(in: machine)
    }

    @Test func `what is left of a folio is freed page by page`() throws {
        var machine = try Machine(PressureMachine.topology(KernelVersion(7, 3)))
        let lru = LRUReclaim()
        let firsts = try fill(&machine, lru, folios: 4)
        let own = firsts[0] + 3
        lru.forget(own)
        machine.free(own, order: 0)
        let freed = reclaim(&machine, lru)
        // 31 pages, and then the whole of the next folio.
        #expect(freed == 63)
        #expect(machine.counters.foliosScanned == 32)
        try machine.checkInvariants()
        try lru.checkInvariants(in: machine)
    }
}
