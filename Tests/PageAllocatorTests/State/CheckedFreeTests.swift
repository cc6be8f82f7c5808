import BuddyEngine
import GFP
import Testing
import Topology

@testable import PageAllocator

/// Frees that cannot be right are refused and reported; nothing is corrupted, nothing is lost.
@Suite struct CheckedFreeTests {
    static func machine() throws -> Machine {
        try Machine(
            Topology(nodes: [.init(id: 0, cpus: [0, 1], memory: [0..<16384])]))
    }

    private func take(_ machine: inout Machine, _ order: Order = 0) throws -> PageFrame {
        let frame = machine.allocate(AllocationRequest(.GFP_KERNEL, order: order))
        return try #require(frame)
    }

    /// Frees what cannot be freed: one report, and the machine as before.
    private func refuse(
        _ frame: PageFrame, _ order: Order, as problem: BadPage.Problem, on machine: inout Machine,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let before = machine.snapshot()
        let count = machine.badPageCount
        machine.free(frame, order: order, cpu: 1)
        #expect(machine.badPageCount == count + 1, sourceLocation: sourceLocation)
        #expect(
            machine.badPages.last == BadPage(frame: frame, order: order, cpu: 1, problem: problem),
            sourceLocation: sourceLocation)
        #expect(machine.snapshot() == before, sourceLocation: sourceLocation)
    }

    @Test(arguments: [0, 1, 3, 4, 9, 10] as [Order])
    func `a block freed twice is refused, and its frame is not served twice`(order: Order) throws {
        var machine = try Self.machine()
        let first = try take(&machine, order)
        machine.free(first, order: order)
        refuse(first, order, as: .alreadyFree, on: &machine)
        let (one, other) = (try take(&machine, order), try take(&machine, order))
        #expect(one != other)
        #expect { try machine.checkInvariants() } throws: { "\($0)".contains("BUG: Bad page state, pfn ") }
    }

    @Test func `a block freed with another order is refused, and can still be freed with its own`() throws {
        var machine = try Self.machine()
        let total = machine.freePages + machine.perCPUPages
        let (small, large) = (try take(&machine, 0), try take(&machine, 4))
        for order in [0, 2, 3, 5, 10] as [Order] {
            refuse(large, order, as: .wrongOrder(allocated: 4), on: &machine)
        }
        refuse(small, 1, as: .wrongOrder(allocated: 0), on: &machine)
        machine.free(large, order: 4)
        machine.free(small, order: 0)
        #expect(machine.freePages + machine.perCPUPages == total)
    }

    @Test func `a page inside a block, a misaligned block and one around others are refused`() throws {
        var machine = try Self.machine()
        let block = try take(&machine, 4)
        refuse(block + 1, 0, as: .insideBlock(first: block, order: 4), on: &machine)
        refuse(block + 1, 4, as: .insideBlock(first: block, order: 4), on: &machine)
        refuse(block + 8, 3, as: .insideBlock(first: block, order: 4), on: &machine)
        var pages: [PageFrame] = []
        while pages.count < 64 { pages.append(try take(&machine)) }
        let odd = try #require(pages.first { $0.rawValue % 4 == 1 && pages.contains($0 + 1) })
        machine.free(odd, order: 0)
        refuse(odd, 1, as: .alreadyFree, on: &machine)
    }

    @Test func `what was never allocated, is no memory, or reaches past it is refused`() throws {
        var machine = try Self.machine()
        refuse(5000, 0, as: .alreadyFree, on: &machine)
        refuse(5001, 0, as: .alreadyFree, on: &machine)
        refuse(5008, 4, as: .alreadyFree, on: &machine)
        // The BIOS's hole below 1 MiB, the page after the last, and a number that no machine has.
        for frame in [200, 16384, PageFrame(rawValue: 1 << 40), PageFrame(rawValue: .max)] as [PageFrame] {
            refuse(frame, 0, as: .notMemory, on: &machine)
        }
        for order in [11, 63, 255] as [Order] {
            refuse(4096, order, as: .orderTooLarge(maximum: 10), on: &machine)
        }
    }

    @Test func `what was in use before the machine was restored is freed in any order, if nothing of it is free`()
        throws
    {
        var booted = try Self.machine()
        let (first, second) = (try take(&booted, 4), try take(&booted, 5))
        booted.free(second, order: 5)
        var machine = try Machine.restoring(booted.snapshot())
        refuse(second, 5, as: .alreadyFree, on: &machine)
        refuse(first + 1, 1, as: .misaligned, on: &machine)
        let around = PageFrame(rawValue: first.rawValue & ~1023)
        var free = around + 1
        while !machine.isFree(free) { free = free + 1 }
        if !machine.isFree(around) { refuse(around, 10, as: .holdsFreePage(free), on: &machine) }
        let count = machine.badPageCount
        machine.free(first, order: 2)
        machine.free(first + 4, order: 2)
        machine.free(first + 8, order: 3)
        #expect(machine.badPageCount == count)
        refuse(first + 8, 3, as: .alreadyFree, on: &machine)
    }

    @Test func `a block around another one in use is refused`() throws {
        var booted = try Self.machine()
        let block = try take(&booted, 4)
        var machine = try Machine.restoring(booted.snapshot())
        machine.free(block + 8, order: 3)
        let inner = try take(&machine, 3)
        try #require(inner == block + 8)
        refuse(block, 4, as: .holdsOtherBlock(first: inner, order: 3), on: &machine)
    }

    @Test func `a watched page tells what happened to it`() throws {
        var machine = try Self.machine()
        machine.watch(0..<16384)
        let frame = try take(&machine, 1)
        machine.free(frame, order: 1, cpu: 1)
        machine.free(frame + 1, order: 0)
        let pages = machine.badPages
        let bad = try #require(pages.first)
        #expect(bad.history.map(\.deed) == [.allocated(.GFP_KERNEL), .freed])
        #expect(bad.history.map(\.first) == [frame, frame] && bad.history.map(\.number) == [1, 2])
        #expect(
            bad.description == """
                BUG: Bad page state, pfn \(String((frame + 1).rawValue, radix: 16)): freed by CPU 0 as page frame \
                \(frame + 1), order 0: it is free (refcount 0)
                  1: allocated, \(GFPFlags.GFP_KERNEL), page frame \(frame), order 1, CPU 0
                  2: freed, page frame \(frame), order 1, CPU 1
                """)
        let again = try take(&machine, 1)
        machine.free(again, order: 1)
        for _ in 0..<100 {
            try #require(try take(&machine, 1) == again)
            machine.free(again, order: 1)
        }
        #expect(machine.history(of: again).count == 32)
    }

    @Test func `split pages, exact pages, bulk pages and pages under reclaim are freed one by one`() throws {
        var machine = try Self.machine()
        let block = try take(&machine, 3)
        for page in machine.split_page(block, 3) { machine.free(page, order: 0) }
        let given = machine.alloc_pages_exact(5 * 4096, .GFP_KERNEL)
        let exact = try #require(given)
        machine.free_pages_exact(exact.address, 5 * 4096)
        refuse(exact.frame + 6, 0, as: .alreadyFree, on: &machine)
        var bulk: [PageFrame] = []
        let count = machine.alloc_pages_bulk_array(.GFP_KERNEL, 40, &bulk)
        #expect(count == 40)
        for page in bulk { machine.free(page, order: 0) }
        refuse(bulk[7], 0, as: .alreadyFree, on: &machine)
        let lru = LRUReclaim()
        let cached = try take(&machine, 4)
        lru.add(cached..<(cached + 16), .file, in: &machine)
        machine.free(cached + 5, order: 0)
        refuse(cached + 5, 0, as: .alreadyFree, on: &machine)
        #expect(machine.badPageCount == 3)
    }

    @Test func `an observer is told of a refused free`() throws {
        struct Listener: SilentObserver {
            var pages: [BadPage] = []
            static var wantsLooks: Bool { false }
            mutating func foundBadPage(_ page: BadPage) { pages.append(page) }
        }
        var machine = try Self.machine()
        var listener = Listener()
        let frame = try take(&machine)
        machine.free(frame, order: 0, observing: &listener)
        #expect(listener.pages.isEmpty)
        machine.free(frame, order: 0, observing: &listener)
        #expect(listener.pages == machine.badPages && listener.pages.count == 1)
    }

    @Test func `only the first reports are kept, all are counted`() throws {
        var machine = try Self.machine()
        for _ in 0..<250 { machine.free(5000, order: 0) }
        #expect(machine.badPages.count == 100 && machine.badPageCount == 250)
    }

    @Test(arguments: [KernelVersion(6, 1), KernelVersion(6, 12)])
    func `checked or not, the same requests get the same page frames`(kernel: KernelVersion) throws {
        var topology = Topology(kernel: kernel, nodes: [.init(id: 0, cpus: [0, 1], memory: [0..<16384])])
        topology.sysctls.minFreeKbytes = 1024
        var checked = try Machine(topology)
        var unchecked = try Machine(topology)
        unchecked.checksFrees = false
        var held: [(frame: PageFrame, order: Order)] = []
        var state: UInt64 = 5
        for _ in 0..<30_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let order = Order([0, 0, 0, 0, 1, 2, 3, 4, 9][Int(state >> 40 % 9)])
            let cpu = CPUID(UInt32(state >> 33 & 1))
            let gfp: GFPFlags = state >> 35 & 1 == 0 ? .GFP_KERNEL : .GFP_HIGHUSER_MOVABLE
            if state >> 50 % 16 < 9 {
                let one = checked.allocate(AllocationRequest(gfp, order: order, cpu: cpu))
                let other = unchecked.allocate(gfp, order: order, cpu: cpu)
                try #require(one == other)
                if let one { held.append((one, order)) }
            } else if !held.isEmpty {
                let block = held.remove(at: Int(state >> 20) % held.count)
                checked.free(block.frame, order: block.order, cpu: cpu)
                unchecked.free(block.frame, order: block.order, cpu: cpu)
            }
        }
        #expect(checked.badPageCount == 0)
        #expect(checked.snapshot() == unchecked.snapshot())
        try checked.checkInvariants()
    }

    @Test func `turned off and on again, what is in use then may be freed in any order`() throws {
        var machine = try Self.machine()
        let block = try take(&machine, 4)
        machine.checksFrees = false
        machine.checksFrees = true
        machine.free(block, order: 3)
        machine.free(block + 8, order: 3)
        #expect(machine.badPageCount == 0)
    }
}
