import BuddyEngine
import GFP
import PageAllocator
import Topology

/// A kind of request for which headroom is determined.
public struct RequestKind: Hashable, Sendable {
    /// The name in tables.
    public var name: String
    /// The mask of each request.
    public var gfp: GFPFlags
    /// What each request asks for.
    public var what: What

    /// What is asked for.
    public enum What: Hashable, Sendable {
        /// A block of the page allocator.
        case block(Order)
        /// A range of pages found outside the free lists, aligned to its length, which is a power of two
        /// (`alloc_contig_pages`).
        case range(pages: Int)
        /// A buffer in a contiguous memory area (`cma_alloc`).
        case buffer(pages: Int)
    }

    /// Creates a kind from its parts.
    public init(name: String, gfp: GFPFlags, what: What) {
        self.name = name
        self.gfp = gfp
        self.what = what
    }

    /// The pages of one request.
    public var pages: Int {
        switch what {
        case .block(let order): order.pages
        case .range(let pages), .buffer(let pages): pages
        }
    }

    /// The order of a block; nil if it is not a block of the page allocator.
    public var order: Order? {
        if case .block(let order) = what { order } else { nil }
    }

    /// The kinds that matter on a machine: requests from interrupts (GFP_ATOMIC, order 0 and 3), of the kernel in every
    /// order, for a transparent huge page, for hugetlbfs, and for a device's buffer.
    ///
    /// - Parameters:
    ///   - machine: The machine.
    ///   - buffer: The size of that buffer, in pages.
    /// - Returns: The kinds, in the order of the table.
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
            // Not `GFP_HIGHUSER_MOVABLE`: gigantic pages are kept out of Movable zones (`hugepage_movable_supported`,
            // include/linux/hugetlb.h, 5.10 to 7.3, where `vm.movable_gigantic_pages` is 0).
            kinds.append(
                RequestKind(
                    name: "1 GiB hugetlb page", gfp: [.GFP_HIGHUSER, .comp, .noWarn], what: .range(pages: pages)))
        }
        let size = ByteSize(bytes: UInt64(buffer * machine.topology.pageSize))
        kinds.append(RequestKind(name: "CMA buffer of \(size)", gfp: .GFP_KERNEL, what: .buffer(pages: buffer)))
        return kinds
    }

    /// The number of pages in a huge page of 1 GiB; nil where the architecture has none with this page size.
    private static func giganticPage(on topology: Topology) -> Int? {
        let sizes: [Int]
        switch topology.architecture {
        case .amd64, .riscv64: sizes = [4096]
        // At the second level of page tables, or as contiguous entries of the third (arch/arm64/mm/hugetlbpage.c,
        // 6.12).
        case .arm64: sizes = [4096, 16384]
        case .i386, .i386pae, .other: sizes = []
        }
        return sizes.contains(topology.pageSize) ? (1 << 30) / topology.pageSize : nil
    }
}
