// swift-format-ignore-file: AlwaysUseLowerCamelCase, NoLeadingUnderscores
// These are the kernel's own names.

import BuddyEngine
import GFP
import Topology

/// The kernel's own entry points (include/linux/gfp.h, mm/page_alloc.c, 6.1 and 6.12), for those who know them. Each is
/// a thin face over `allocate` and `free`; where the kernel has "the current CPU", there is a parameter `cpu`, by
/// default the machine's first.
extension Machine {
    /// A block of 2^`order` pages from the CPU's own node or wherever its zonelist leads (`alloc_pages`).
    ///
    /// - Returns: The block's first page frame; nil is the kernel's NULL.
    /// - Precondition: `cpu` is one of the machine's.
    public mutating func alloc_pages(_ gfp: GFPFlags, _ order: Order, cpu: CPUID? = nil) -> PageFrame? {
        allocate(AllocationRequest(gfp, order: order, cpu: cpu ?? cpuIDs[0]))
    }

    /// As ``alloc_pages(_:_:cpu:)``, by the zonelist of a given node (`alloc_pages_node`).
    ///
    /// - `nid`: nil is NUMA_NO_NODE: the CPU's own.
    /// - Precondition: `cpu` and `nid` are the machine's.
    public mutating func alloc_pages_node(
        _ nid: NodeID?, _ gfp: GFPFlags, _ order: Order, cpu: CPUID? = nil
    ) -> PageFrame? {
        allocate(AllocationRequest(gfp, order: order, cpu: cpu ?? cpuIDs[0], node: nid))
    }

    /// The allocator's heart, with a node mask (`__alloc_pages`).
    ///
    /// - Precondition: `cpu` and `preferred_nid` are the machine's.
    public mutating func __alloc_pages(
        _ gfp: GFPFlags, _ order: Order, _ preferred_nid: NodeID, _ nodemask: NodeMask? = nil, cpu: CPUID? = nil
    ) -> PageFrame? {
        allocate(
            AllocationRequest(gfp, order: order, cpu: cpu ?? cpuIDs[0], node: preferred_nid, nodemask: nodemask))
    }

    /// As ``alloc_pages(_:_:cpu:)``, never from HighMem, whose pages have no address (`__get_free_pages`).
    ///
    /// - Returns: The block's physical address in bytes, where the kernel returns the address in its own map of it: page
    ///   frame times page size. Nil is the kernel's 0.
    public mutating func __get_free_pages(_ gfp: GFPFlags, _ order: Order, cpu: CPUID? = nil) -> UInt64? {
        alloc_pages(gfp.subtracting(.highMem), order, cpu: cpu).map { physicalAddress(of: $0) }
    }

    /// One page, zeroed (`get_zeroed_page`). Contents are not modelled; the mask has `__GFP_ZERO`.
    ///
    /// - Returns: As `__get_free_pages`.
    public mutating func get_zeroed_page(_ gfp: GFPFlags, cpu: CPUID? = nil) -> UInt64? {
        __get_free_pages(gfp.union(.zero), 0, cpu: cpu)
    }

    /// Frees a block (`__free_pages`).
    ///
    /// - Precondition: The block is in use, and was allocated with this order.
    public mutating func __free_pages(_ page: PageFrame, _ order: Order, cpu: CPUID? = nil) {
        free(page, order: order, cpu: cpu)
    }

    /// Frees a block by its address, as `__get_free_pages` gave it; 0 does nothing (`free_pages`).
    public mutating func free_pages(_ address: UInt64, _ order: Order, cpu: CPUID? = nil) {
        guard address != 0 else { return }
        free(frame(at: address), order: order, cpu: cpu)
    }

    /// Makes single pages of a block in use, each to be freed by itself (`split_page`). Nothing changes on the free
    /// lists.
    ///
    /// - Returns: The pages.
    public mutating func split_page(_ page: PageFrame, _ order: Order) -> [PageFrame] {
        splitBlocks(in: page..<(page + order.pages))
        return (0..<order.pages).map { page + $0 }
    }

    /// Up to `count` single pages at once, appended to `pages` (`alloc_pages_bulk_array`).
    ///
    /// - Returns: How many came: it may be fewer than asked.
    public mutating func alloc_pages_bulk_array(
        _ gfp: GFPFlags, _ count: Int, _ pages: inout [PageFrame], cpu: CPUID? = nil
    ) -> Int {
        var observer = NoAllocationObserver()
        return allocateBulk(
            AllocationRequest(gfp, cpu: cpu ?? cpuIDs[0]), count: count, into: &pages, observing: &observer)
    }

    private func physicalAddress(of frame: PageFrame) -> UInt64 { frame.rawValue &* UInt64(topology.pageSize) }

    private func frame(at address: UInt64) -> PageFrame { PageFrame(rawValue: address / UInt64(topology.pageSize)) }
}

/// What ``Machine/alloc_pages_exact(_:_:cpu:)`` gave.
public struct ExactPages: Hashable, Sendable {
    /// The physical address in bytes.
    public var address: UInt64
    public var frame: PageFrame
    /// Pages that the size comes to; all of them are the caller's.
    public var pagesAsked: Int
    /// Pages of the block that was taken, a power of two.
    public var pagesTaken: Int
    /// Pages of that block that were not needed. They are free again.
    public var pagesReturned: Int { pagesTaken - pagesAsked }
    /// Bytes of the last page that nobody uses.
    public var bytesWasted: Int
}

extension Machine {
    /// As many pages as `size` bytes need: a block is taken, split, and its tail given straight back to the free lists
    /// (`alloc_pages_exact`, `make_alloc_exact`).
    ///
    /// - `size`: In bytes, from 1.
    /// - Returns: nil if there is no such block, or `size` is not positive or beyond the largest order.
    public mutating func alloc_pages_exact(_ size: Int, _ gfp: GFPFlags, cpu: CPUID? = nil) -> ExactPages? {
        let pageSize = topology.pageSize
        guard size > 0, size <= maximumOrder.pages * pageSize else { return nil }
        let pages = (size - 1) / pageSize + 1
        let order = Order.containing(pages: pages)
        guard let first = alloc_pages(gfp.subtracting([.comp, .highMem]), order, cpu: cpu) else { return nil }
        splitBlocks(in: first..<(first + order.pages))
        for page in pages..<order.pages { freeToTail(first + page, cpu: cpu) }
        return ExactPages(
            address: physicalAddress(of: first), frame: first, pagesAsked: pages, pagesTaken: order.pages,
            bytesWasted: pages * pageSize - size)
    }

    /// Frees, page by page, what ``alloc_pages_exact(_:_:cpu:)`` gave for the same size (`free_pages_exact`).
    public mutating func free_pages_exact(_ address: UInt64, _ size: Int, cpu: CPUID? = nil) {
        guard size > 0 else { return }
        let first = frame(at: address)
        for page in 0...((size - 1) / topology.pageSize) { free(first + page, order: 0, cpu: cpu) }
    }

    /// Past the per-CPU lists and to the tail (`__free_pages_ok` with FPI_TO_TAIL).
    private mutating func freeToTail(_ frame: PageFrame, cpu: CPUID?) {
        guard let zone = segments.zone(of: frame) else { return }
        noteReturned(frame, order: 0, cpu: cpu ?? cpuIDs[0])
        zones[zone].buddy.counters.cpu = position(of: cpu ?? cpuIDs[0]) ?? 0
        zones[zone].pagesFreed += 1
        zones[zone].buddy.clearMovable(frame..<(frame + 1))
        let type = zones[zone].buddy.pageblockType(of: frame)
        guard let listener else { return zones[zone].buddy.merge(frame, order: 0, type: type, toTail: true) }
        let operation = MachineOperation.free(frame, order: 0, cpu: cpu ?? cpuIDs[0])
        listener.began(operation)
        var observer = ListenerObserver(listener)
        zones[zone].buddy.merge(frame, order: 0, type: type, toTail: true, observing: &observer)
        listener.ended(operation, frame: nil, on: self)
    }
}
