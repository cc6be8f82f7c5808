import BuddyEngine
import GFP
import Topology

/// A free that cannot be right. It is refused, and the pages stay as they are: what a kernel built to check reports as
/// "BUG: Bad page state" and takes out of use (`bad_page`, `free_page_is_bad`, mm/page_alloc.c), and another does not
/// notice until somebody else's memory is destroyed.
public struct BadPage: Error, Hashable, Sendable {
    /// As they were given to the free.
    public var frame: PageFrame
    public var order: Order
    /// The CPU that freed.
    public var cpu: CPUID
    public var problem: Problem
    /// What happened to the page before, oldest first, if it is watched (``Machine/watch(_:)``).
    public var history: [PageEvent] = []

    public enum Problem: Hashable, Sendable {
        /// No zone has the page: a hole, reserved memory, or beyond the machine's.
        case notMemory
        /// No block is so large.
        case orderTooLarge(maximum: Order)
        /// A block of an order begins at a multiple of its size.
        case misaligned
        /// The block reaches past its zone's memory.
        case leavesZone
        /// It was given back before, or was never handed out: it is on a free list, or on a CPU's.
        case alreadyFree
        /// It was allocated with another order.
        case wrongOrder(allocated: Order)
        /// It lies within a block in use, which is freed by its first page.
        case insideBlock(first: PageFrame, order: Order)
        /// Other blocks lie within it, one of which begins here.
        case holdsOtherBlock(first: PageFrame, order: Order)
        /// A page further in is free.
        case holdsFreePage(PageFrame)
    }
}

/// Something that happened to a watched page.
public struct PageEvent: Hashable, Sendable {
    public var deed: Deed
    /// The block that the page was part of.
    public var first: PageFrame
    public var order: Order
    public var cpu: CPUID
    /// The machine's count of blocks handed out and taken back, this one included.
    public var number: Int

    public enum Deed: Hashable, Sendable {
        case allocated(GFPFlags)
        case freed
        /// Compaction moved what was on it away, or something on to it.
        case moved(from: PageFrame, to: PageFrame)
    }
}

extension BadPage: CustomStringConvertible {
    /// The kernel's first line, then what is wrong, then what is known of the page, one event a line.
    public var description: String {
        let title = "BUG: Bad page state, pfn \(String(frame.rawValue, radix: 16))"
        let lines = history.map { "\n  \($0)" }.joined()
        return "\(title): freed by CPU \(cpu) as page frame \(frame), order \(order): \(problem)" + lines
    }
}

extension BadPage.Problem: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notMemory: "no zone has this page"
        case .orderTooLarge(let maximum): "the largest block has order \(maximum)"
        case .misaligned: "a block of this order begins at a multiple of its size"
        case .leavesZone: "the block reaches past the memory of its zone"
        case .alreadyFree: "it is free (refcount 0)"
        case .wrongOrder(let allocated): "it was allocated with order \(allocated)"
        case .insideBlock(let first, let order):
            "it is inside the block in use at page frame \(first), order \(order): free that by its first page"
        case .holdsOtherBlock(let first, let order):
            "another block in use begins inside it, at page frame \(first), order \(order)"
        case .holdsFreePage(let page): "page frame \(page) inside it is free (refcount 0)"
        }
    }
}

extension PageEvent: CustomStringConvertible {
    public var description: String {
        let block = "page frame \(first), order \(order), CPU \(cpu)"
        switch deed {
        case .allocated(let gfp): return "\(number): allocated, \(gfp), \(block)"
        case .freed: return "\(number): freed, \(block)"
        case .moved(let from, let to): return "\(number): moved from page frame \(from) to \(to), \(block)"
        }
    }
}
