// swift-format-ignore-file: AlwaysUseLowerCamelCase, NoLeadingUnderscores
// These are the kernel's own names.

import BuddyEngine
import GFP
import Topology

/// The kernel's own entry points (include/linux/gfp.h, mm/page_alloc.c, 6.1 and 6.12), for those who know them. Each is
/// a thin wrapper around `allocate` and `free`; where the kernel has "the current CPU", there is a parameter `cpu`, by
/// default the machine's first.
extension Machine {
    /// Allocates a block of 2^`order` pages from the CPU's own node or wherever its zonelist leads (`alloc_pages`).
    ///
    /// - Returns: The block's first page frame; nil where the kernel returns NULL.
    /// - Precondition: `cpu` is one of the machine's.
    public mutating func alloc_pages(_ gfp: GFPFlags, _ order: Order, cpu: CPUID? = nil) -> PageFrame? {
        allocate(AllocationRequest(gfp, order: order, cpu: cpu ?? cpuIDs[0]))
    }

    /// Like ``alloc_pages(_:_:cpu:)``, with the zonelist of a given node (`alloc_pages_node`).
    ///
    /// - Parameters:
    ///   - nid: The node; nil, like NUMA_NO_NODE, means the CPU's own.
    ///   - gfp: The mask.
    ///   - order: The order of the block.
    ///   - cpu: The CPU that asks; nil: the first.
    /// - Precondition: `cpu` and `nid` are the machine's.
    public mutating func alloc_pages_node(
        _ nid: NodeID?, _ gfp: GFPFlags, _ order: Order, cpu: CPUID? = nil
    ) -> PageFrame? {
        allocate(AllocationRequest(gfp, order: order, cpu: cpu ?? cpuIDs[0], node: nid))
    }

    /// The function at the core of all others, with a node mask (`__alloc_pages`).
    ///
    /// - Precondition: `cpu` and `preferred_nid` are the machine's.
    public mutating func __alloc_pages(
        _ gfp: GFPFlags, _ order: Order, _ preferred_nid: NodeID, _ nodemask: NodeMask? = nil, cpu: CPUID? = nil
    ) -> PageFrame? {
        allocate(
            AllocationRequest(gfp, order: order, cpu: cpu ?? cpuIDs[0], node: preferred_nid, nodemask: nodemask))
    }

    /// Like ``alloc_pages(_:_:cpu:)``, never from HighMem, whose pages have no address (`__get_free_pages`).
    ///
    /// - Returns: The block's physical address in bytes, which is page frame times page size; the kernel returns the
    ///   address in its own mapping instead. Nil where the kernel returns 0.
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

    /// Splits a block in use into single pages, each to be freed by itself (`split_page`). The free lists do not
    /// change.
    ///
    /// - Returns: The pages.
    public mutating func split_page(_ page: PageFrame, _ order: Order) -> [PageFrame] {
        splitBlocks(in: page..<(page + order.pages))
        return (0..<order.pages).map { page + $0 }
    }

    /// Allocates up to `count` single pages at once and appends them to `pages` (`alloc_pages_bulk_array`).
    ///
    /// - Returns: How many were allocated, which may be fewer.
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

/// The result of ``Machine/alloc_pages_exact(_:_:cpu:)``.
public struct ExactPages: Hashable, Sendable {
    /// The physical address in bytes.
    public var address: UInt64
    /// The first page frame.
    public var frame: PageFrame
    /// How many pages the size needs; all of them belong to the caller.
    public var pagesAsked: Int
    /// How many pages the block had, a power of two.
    public var pagesTaken: Int
    /// How many pages of that block were not needed. They are free again.
    public var pagesReturned: Int { pagesTaken - pagesAsked }
    /// Unused bytes of the last page.
    public var bytesWasted: Int
}

extension Machine {
    /// Allocates as many pages as `size` bytes need: a block is taken and split, and its tail goes straight back to the
    /// free lists (`alloc_pages_exact`, `make_alloc_exact`).
    ///
    /// - Parameters:
    ///   - size: In bytes, from 1.
    ///   - gfp: The mask.
    ///   - cpu: The CPU that asks; nil: the first.
    /// - Returns: Nil if there is no such block, or if `size` is not positive or too large for the largest order.
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

    /// Frees, page by page, what ``alloc_pages_exact(_:_:cpu:)`` returned for the same size (`free_pages_exact`).
    public mutating func free_pages_exact(_ address: UInt64, _ size: Int, cpu: CPUID? = nil) {
        guard size > 0 else { return }
        let first = frame(at: address)
        for page in 0...((size - 1) / topology.pageSize) { free(first + page, order: 0, cpu: cpu) }
    }

    /// Frees a page to the tail of its free list, past the per-CPU lists (`__free_pages_ok` with FPI_TO_TAIL).
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
