import BuddyEngine
import GFP
import Topology

/// A free that cannot be right. It is refused, and the pages stay as they are. A kernel built to check for it reports
/// "BUG: Bad page state" and takes the page out of use (`bad_page`, `free_page_is_bad`, mm/page_alloc.c); others notice
/// only when somebody else's memory is corrupted.
public struct BadPage: Error, Hashable, Sendable {
    /// The page frame as given.
    public var frame: PageFrame
    /// The order as given.
    public var order: Order
    /// The CPU that freed.
    public var cpu: CPUID
    /// What is wrong with the free.
    public var problem: Problem
    /// What happened to the page before, oldest first; empty unless it is watched (``Machine/watch(_:)``).
    public var history: [PageEvent] = []

    /// What is wrong with a free.
    public enum Problem: Hashable, Sendable {
        /// No zone has the page: it is in a hole, reserved, or beyond the machine's memory.
        case notMemory
        /// There are no blocks of this order.
        case orderTooLarge(maximum: Order)
        /// A block begins at a multiple of its size; this one does not.
        case misaligned
        /// The block extends beyond its zone's memory.
        case leavesZone
        /// It was freed before or never allocated: it is on a free list or on a CPU's list.
        case alreadyFree
        /// It was allocated with another order.
        case wrongOrder(allocated: Order)
        /// It lies within a block in use, which must be freed by its first page.
        case insideBlock(first: PageFrame, order: Order)
        /// It contains other blocks in use, one of which begins here.
        case holdsOtherBlock(first: PageFrame, order: Order)
        /// It contains a free page.
        case holdsFreePage(PageFrame)
    }
}

/// Something that happened to a watched page.
public struct PageEvent: Hashable, Sendable {
    /// What happened.
    public var deed: Deed
    /// The block that the page was part of.
    public var first: PageFrame
    /// The order of the block.
    public var order: Order
    /// The CPU on which it happened.
    public var cpu: CPUID
    /// The machine's count of blocks allocated and freed so far, this one included.
    public var number: Int

    /// What can happen to a page.
    public enum Deed: Hashable, Sendable {
        case allocated(GFPFlags)
        case freed
        /// Compaction moved its contents away, or moved others to it.
        case moved(from: PageFrame, to: PageFrame)
    }
}

extension BadPage: CustomStringConvertible {
    /// The kernel's first line, then what is wrong, then what is known of the page, one event per line.
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
