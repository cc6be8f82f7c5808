import BuddyEngine
import GFP
import PageAllocator
import Topology

/// A kind of request of which one wants to know how many more would be served.
public struct RequestKind: Hashable, Sendable {
    /// As tables call it.
    public var name: String
    public var gfp: GFPFlags
    public var what: What

    /// What is asked for.
    public enum What: Hashable, Sendable {
        /// A block of the page allocator's.
        case block(Order)
        /// Pages past the free lists, aligned to their number, which is a power of two (`alloc_contig_pages`).
        case range(pages: Int)
        /// A buffer in a contiguous memory area (`cma_alloc`).
        case buffer(pages: Int)
    }

    public init(name: String, gfp: GFPFlags, what: What) {
        self.name = name
        self.gfp = gfp
        self.what = what
    }

    /// Pages of one.
    public var pages: Int {
        switch what {
        case .block(let order): order.pages
        case .range(let pages), .buffer(let pages): pages
        }
    }

    /// The order of a block; nil where it is none of the page allocator's.
    public var order: Order? {
        if case .block(let order) = what { order } else { nil }
    }

    /// Those that matter on a machine: interrupts' (GFP_ATOMIC, order 0 and 3), the kernel's of every order, a transparent huge
    /// page's, those of hugetlbfs, and a buffer's of a device.
    ///
    /// - Parameters:
    ///   - machine: The machine that is asked.
    ///   - buffer: Pages of that buffer.
    public static func all(on machine: borrowing Machine, buffer: Int) -> [RequestKind] {
        var kinds = [0, 3].map { order in
            RequestKind(name: "GFP_ATOMIC, order \(order)", gfp: .GFP_ATOMIC, what: .block(Order(order)))
        }
        kinds += (0...machine.maximumOrder.rawValue).map { order in
            RequestKind(name: "GFP_KERNEL, order \(order)", gfp: .GFP_KERNEL, what: .block(Order(order)))
        }
        let huge = machine.topology.pageblockOrder
        kinds.append(
            RequestKind(name: "transparent huge page", gfp: .GFP_TRANSHUGE_LIGHT, what: .block(huge)))
        // `htlb_alloc_mask` and `alloc_buddy_hugetlb_folio`, mm/hugetlb.c, 6.12.
        let pool: GFPFlags = [.GFP_HIGHUSER_MOVABLE, .comp, .noWarn, .retryMayFail]
        kinds.append(RequestKind(name: "hugetlb page", gfp: pool, what: .block(huge)))
        kinds = kinds.filter { $0.order ?? 0 <= machine.maximumOrder }
        if let pages = giganticPage(on: machine.topology), pages > machine.maximumOrder.pages {
            // Not `GFP_HIGHUSER_MOVABLE`: gigantic pages stay out of Movable zones (`hugepage_movable_supported`,
            // include/linux/hugetlb.h, 5.10 to 7.3, where `vm.movable_gigantic_pages` is 0).
            kinds.append(
                RequestKind(
                    name: "1 GiB hugetlb page", gfp: [.GFP_HIGHUSER, .comp, .noWarn], what: .range(pages: pages)))
        }
        let size = ByteSize(bytes: UInt64(buffer * machine.topology.pageSize))
        kinds.append(RequestKind(name: "CMA buffer of \(size)", gfp: .GFP_KERNEL, what: .buffer(pages: buffer)))
        return kinds
    }

    /// Pages of a huge page of 1 GiB, on architectures that have it with pages of this size.
    private static func giganticPage(on topology: Topology) -> Int? {
        let sizes: [Int]
        switch topology.architecture {
        case .amd64, .riscv64: sizes = [4096]
        // By the second level of page tables, or by contiguous entries of the third (arch/arm64/mm/hugetlbpage.c, 6.12).
        case .arm64: sizes = [4096, 16384]
        case .i386, .i386pae, .other: sizes = []
        }
        return sizes.contains(topology.pageSize) ? (1 << 30) / topology.pageSize : nil
    }
}
