import BuddyEngine
import GFP
import PageAllocator
import Testing
import Topology

@Suite struct KernelNamesTests {
    private func machine() throws -> Machine {
        try Machine(
            Topology(nodes: [
                Topology.Node(id: 0, cpus: [0], memory: [0..<65536]),
                Topology.Node(id: 1, cpus: [1], memory: [65536..<131072]),
            ]))
    }

    @Test func `the kernel's names give the page frames that a request gives`() throws {
        var kernel = try machine()
        var plain = try machine()
        let block = kernel.alloc_pages(.GFP_KERNEL, 2)
        let sameBlock = plain.allocate(AllocationRequest(.GFP_KERNEL, order: 2))
        #expect(block != nil && block == sameBlock)
        let onNode = kernel.alloc_pages_node(1, .GFP_KERNEL, 0)
        let sameOnNode = plain.allocate(AllocationRequest(.GFP_KERNEL, node: 1))
        #expect(onNode != nil && onNode == sameOnNode)
        let masked = kernel.__alloc_pages(.GFP_KERNEL, 0, 0, NodeMask([1]))
        let sameMasked = plain.allocate(AllocationRequest(.GFP_KERNEL, node: 0, nodemask: NodeMask([1])))
        #expect(masked != nil && masked == sameMasked)
        let address = kernel.__get_free_pages(.GFP_KERNEL, 1)
        let frame = plain.allocate(AllocationRequest(.GFP_KERNEL, order: 1))
        #expect(address != nil && address == frame.map { $0.rawValue * 4096 })
        var pages: [PageFrame] = []
        let count = kernel.alloc_pages_bulk_array(.GFP_KERNEL, 8, &pages)
        #expect(count == 8 && pages.count == 8)
        try kernel.checkInvariants()
    }

    @Test func `alloc_pages_exact keeps what was asked, and gives the tail back`() throws {
        var machine = try machine()
        let before = machine.freePages + machine.perCPUPages
        let exact = machine.alloc_pages_exact(5 * 4096 - 1, .GFP_KERNEL)
        let got = try #require(exact)
        #expect([got.pagesAsked, got.pagesTaken, got.pagesReturned, got.bytesWasted] == [5, 8, 3, 1])
        let left = machine.freePages + machine.perCPUPages
        #expect(left == before - 5)
        let isFree = (0..<8).map { machine.isFree(got.frame + $0) }
        #expect(isFree == [false, false, false, false, false, true, true, true])
        machine.free_pages_exact(got.address, 5 * 4096 - 1)
        let all = machine.freePages + machine.perCPUPages
        #expect(all == before)
        for size in [0, -1, Int.max] {
            let refused = machine.alloc_pages_exact(size, .GFP_KERNEL)
            #expect(refused == nil)
        }
        try machine.checkInvariants()
    }

    @Test func `a request for what a machine does not have is a problem, with the remedy in it`() throws {
        let machine = try machine()
        func problem(_ request: AllocationRequest) -> String {
            do { try machine.check(request) } catch { return "\(error)" }
            return ""
        }
        #expect(problem(AllocationRequest(.GFP_KERNEL)).isEmpty)
        #expect(problem(AllocationRequest(.GFP_KERNEL, cpu: 9)) == "there is no CPU 9: this machine has 0-1")
        #expect(problem(AllocationRequest(.GFP_KERNEL, node: 2)) == "there is no node 2: this machine has 0-1")
        #expect(problem(AllocationRequest(.GFP_KERNEL, nodemask: NodeMask())).hasPrefix("the node mask is empty"))
        #expect(
            problem(AllocationRequest(.GFP_KERNEL, order: 12))
                == "order 12 is too large: this machine's largest block has order 10, 4MiB")
    }

    @Test func `free blocks of which only numbers are known never lie side by side in one pair`() throws {
        // Nearly all of a small zone is free, in blocks that leave little room.
        let counts = [3, 1, 2, 2, 2, 1, 0, 0, 1, 1, 3].map { FreeCount(total: $0) }
        let topology = Topology(nodes: [Topology.Node(id: 0, cpus: [0], memory: [1..<4096])])
        let span = ZoneSpan(node: 0, kind: .dma, start: 1, spanned: 4095, present: 3996, managed: 3975)
        let machine = try Machine.restoring(
            Snapshot(topology: topology, zones: [ZoneSnapshot(span: span, free: .counts(counts))]))
        try machine.checkInvariants()
        machine.withZone(0) { zone in
            for (order, count) in counts.enumerated() {
                #expect(zone.buddy.freeBlocks(Order(order)) == count.total)
            }
        }
    }
}
