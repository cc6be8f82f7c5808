import BuddyEngine
import GFP

/// What an architecture's kernels are built with unless somebody chose otherwise: page sizes, block sizes, NUMA.
extension Architecture {
    /// A PC: firmware, DMA limits and BIOS memory of the IBM PC's kin.
    public var isX86: Bool { self == .amd64 || is32BitX86 }

    /// Only part of memory is mapped for the kernel itself; the rest is HighMem.
    public var is32BitX86: Bool { self == .i386 || self == .i386pae }

    /// The sizes that a page can have, in bytes, the usual one first.
    public var pageSizes: [Int] {
        switch self {
        case .amd64, .i386, .i386pae, .riscv64: [4096]
        case .arm64: [4096, 16384, 65536]
        case .other: [4096, 8192, 16384, 32768, 65536]
        }
    }

    /// The order of the block that one entry of the last but one level of page tables maps: as many pages as a page has
    /// entries (`PMD_SHIFT`; `PGDIR_SHIFT` where there are two levels only).
    public func hugePageOrder(pageSize: Int) -> Order {
        switch self {
        case .i386: Order.containing(pages: max(pageSize / 4, 1))
        case .amd64, .i386pae, .arm64, .riscv64: Order.containing(pages: max(pageSize / 8, 1))
        case .other: 9
        }
    }

    /// The largest order of a free block (`MAX_PAGE_ORDER`; CONFIG_ARCH_FORCE_MAX_ORDER, arch/arm64/Kconfig, 6.12).
    public func maximumOrder(pageSize: Int) -> Order {
        switch self {
        case .amd64, .i386, .i386pae, .riscv64, .other: 10
        case .arm64: pageSize == 65536 ? 13 : pageSize == 16384 ? 11 : 10
        }
    }

    /// The order of a pageblock: a huge page's, as far as there are such blocks (include/linux/pageblock-flags.h).
    public func pageblockOrder(pageSize: Int) -> Order {
        min(hugePageOrder(pageSize: pageSize), maximumOrder(pageSize: pageSize))
    }

    /// Kernels for it are built with CONFIG_NUMA: all of 64 bits; of 32-bit x86 hardly any.
    public var isNUMAConfigured: Bool { !is32BitX86 }

    /// Memory can be added to it while it runs, which needs pageblocks that nobody may allocate from
    /// (CONFIG_MEMORY_HOTPLUG, CONFIG_MEMORY_ISOLATION).
    public var hasMemoryHotplug: Bool { !is32BitX86 }
}

extension Topology {
    /// The number of migratetypes its kernel is built with (`MIGRATE_TYPES`): CMA and isolation can be left out.
    public var migratetypeCount: Int {
        let isolates = isCMAConfigured || boot.cma > 0 || architecture.hasMemoryHotplug
        return Migratetype.perCPUCount + 1 + (isCMAConfigured || boot.cma > 0 ? 1 : 0) + (isolates ? 1 : 0)
    }

    /// Whether machines with `pages` of memory are too small to keep migratetypes apart: less than a pageblock for each
    /// (`build_all_zonelists`, mm/page_alloc.c, 6.1 and 6.12). With pages of 64 KiB that is a matter of gigabytes.
    public func isTooSmallForMobilityGrouping(pages: Int) -> Bool {
        pages < pageblockOrder.pages * migratetypeCount
    }
}
