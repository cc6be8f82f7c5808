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

    /// CONFIG_NR_CPUS where nobody chose (arch/x86/Kconfig, 6.12): with PAE for machines large enough for NUMA. Only 32-bit
    /// x86 depends on it, see `LowMemory`.
    var configuredCPUs: Int { self == .i386pae ? 32 : 8 }

    /// The contiguous memory area that kernels set aside without being told, in bytes: CONFIG_CMA_SIZE_MBYTES of most
    /// arm64 kernels, as Debian's; 0: none.
    public var usualContiguousArea: UInt64 { self == .arm64 ? 64 << 20 : 0 }

    /// Kernels for it are built with CONFIG_CMA.
    public var isCMAConfigured: Bool { usualContiguousArea > 0 }

    /// Kernels for it are built with CONFIG_NUMA: all of 64 bits; of 32-bit x86 hardly any.
    public var isNUMAConfigured: Bool { !is32BitX86 }

    /// Memory can be added to it while it runs, which needs pageblocks that nobody may allocate from
    /// (CONFIG_MEMORY_HOTPLUG, CONFIG_MEMORY_ISOLATION).
    public var hasMemoryHotplug: Bool { !is32BitX86 }
}

extension Topology {
    /// The size of all contiguous memory, in bytes: as `cma=` says, else that of the areas whose places are known, else as
    /// the kernel is built.
    public var contiguousAreaSize: UInt64 {
        boot.cma ?? (contiguousAreas.isEmpty ? architecture.usualContiguousArea : placedContiguousSize)
    }

    /// Bytes of the areas whose places are known.
    private var placedContiguousSize: UInt64 {
        UInt64(clamping: contiguousAreas.reduce(0) { $0 + $1.pages }) &* UInt64(pageSize)
    }

    /// Bytes of contiguous memory of which no place is known.
    var unplacedContiguousSize: UInt64 { contiguousAreaSize - min(placedContiguousSize, contiguousAreaSize) }

    /// The number of migratetypes its kernel is built with (`MIGRATE_TYPES`): CMA and isolation can be left out.
    public var migratetypeCount: Int {
        let hasCMA = isCMAConfigured || contiguousAreaSize > 0
        return Migratetype.perCPUCount + 1 + (hasCMA ? 1 : 0) + (hasCMA || architecture.hasMemoryHotplug ? 1 : 0)
    }

    /// Each zone has types of its own for the pageblocks it touches (FLATMEM); otherwise two zones share that of a
    /// pageblock between them (SPARSEMEM).
    public var hasPageblockTypesOfEachZone: Bool { architecture.is32BitX86 && !isNUMAConfigured }

    /// Whether machines with `pages` of memory are too small to keep migratetypes apart: less than a pageblock for each
    /// (`build_all_zonelists`, mm/page_alloc.c, 6.1 and 6.12). With pages of 64 KiB that is a matter of gigabytes.
    public func isTooSmallForMobilityGrouping(pages: Int) -> Bool {
        pages < pageblockOrder.pages * migratetypeCount
    }
}
