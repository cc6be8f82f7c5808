import BuddyEngine
import GFP
import Testing
import Topology

@testable import PageAllocator

/// Zones of 8 TiB and more: no count, sum or mark may come out short.
@Suite struct LargeZoneTests {
    static let sizes = [1 << 31 - 1, 1 << 31, 1 << 32 - 1, 1 << 32]

    /// One node with one zone, Normal.
    static func topology(_ pages: Int, sysctls: Sysctls = Sysctls()) -> Topology {
        Topology(
            architecture: .other, nodes: [.init(id: 0, cpus: [0, 1], memory: [0..<PageFrame(pages)])], sysctls: sysctls)
    }

    @Test(arguments: sizes)
    func `all of it is free, counted and served`(pages: Int) throws {
        var machine = try Machine(Self.topology(pages))
        #expect(machine.freePages == pages)
        machine.withZone(0) { zone in
            #expect(zone.managed == pages && zone.buddy.counters.exactFree == pages)
            #expect(abs(zone.freePagesCounter - pages) <= 2 * zone.buddy.counters.threshold)
            #expect(zone.watermark(.min) > 0 && zone.watermark(.min) < zone.watermark(.low))
            #expect(zone.watermark(.high) < pages / 100)
            #expect(zone.fragmentation.freePages == pages)
            #expect(zone.buddy.highAtomicLimit > pages / 100 - 512)
        }
        let frame = machine.allocate(AllocationRequest(.GFP_KERNEL, order: 3))
        #expect(frame != nil)
        let perCPU = machine.perCPUPages
        #expect(perCPU > 0 && machine.freePages + perCPU + 8 == pages)
        for order in 0...10 as ClosedRange<UInt8> {
            #expect(machine.allocate(AllocationRequest(.GFP_HIGHUSER_MOVABLE, order: Order(order))) != nil)
        }
        try machine.checkInvariants()
    }

    @Test(arguments: sizes)
    func `a restored one is the same, from lists and from counts`(pages: Int) throws {
        var machine = try Machine(Self.topology(pages))
        _ = machine.allocate(AllocationRequest(.GFP_KERNEL))
        var snapshot = machine.snapshot()
        let again = try Machine.restoring(snapshot)
        #expect(again.freePages == machine.freePages && again.perCPUPages == machine.perCPUPages)
        try again.checkInvariants()
        snapshot.zones[0].exact = nil
        snapshot.zones[0].free = .counts(
            (0...10).map { order in
                let blocks = machine.withZone(0) { $0.buddy.freeBlocks(Order(order)) }
                return FreeCount(total: blocks, byType: nil, presentTypes: nil)
            })
        let counted = try Machine.restoring(snapshot)
        #expect(counted.freePages == machine.freePages)
        #expect(counted.withZone(0) { $0.freePagesCounter } == machine.freePages)
        try counted.checkInvariants()
    }

    @Test(arguments: [Sysctls(percpuPagelistHighFraction: 8), Sysctls(watermarkScaleFactor: 3000)])
    func `per-CPU lists and marks of the largest zone add up`(sysctls: Sysctls) throws {
        let pages = 1 << 32
        let machine = try Machine(Self.topology(pages, sysctls: sysctls))
        machine.withZone(0) { zone in
            if sysctls.percpuPagelistHighFraction == 8 { #expect(zone.pagesetHighMax == pages / 8 / 2) }
            if sysctls.watermarkScaleFactor == 3000 {
                #expect(zone.watermark(.high) - zone.watermark(.low) == pages * 3 / 10)
            }
        }
    }

    @Test func `a zone of more pages is refused, with the reason, before anything is built`() throws {
        for pages in [1 << 32 + 1, 1 << 33, 1 << 40] {
            let topology = Self.topology(pages)
            #expect(throws: MachineError.spanTooLarge(ZoneReference(node: 0, kind: .normal), pages: pages)) {
                _ = try Machine(topology)
            }
            let problem = topology.validate().first { $0.severity == .error }
            #expect(problem?.path.description == "nodes[0].memory")
            #expect(problem?.message.contains("more than the 4294967296 (") == true)
        }
        #expect(Self.topology(1 << 32).validate().allSatisfy { $0.severity != .error })
    }
}
