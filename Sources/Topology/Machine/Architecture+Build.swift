import BuddyEngine
import GFP

/// What an architecture's kernels are usually built with: page sizes, block sizes, NUMA.
extension Architecture {
    /// A PC, with the firmware, DMA limits and BIOS memory that all descendants of the IBM PC have.
    public var isX86: Bool { self == .amd64 || is32BitX86 }

    /// The kernel maps only part of memory permanently; the rest is HighMem.
    public var is32BitX86: Bool { self == .i386 || self == .i386pae }

    /// The sizes that a page can have, in bytes, the usual one first.
    public var pageSizes: [Int] {
        switch self {
        case .amd64, .i386, .i386pae, .riscv64: [4096]
        case .arm64: [4096, 16384, 65536]
        case .other: [4096, 8192, 16384, 32768, 65536]
        }
    }

    /// The order of the block that one entry of the last-but-one level of page tables maps: as many pages as a page has
    /// entries (`PMD_SHIFT`; `PGDIR_SHIFT` with only two levels).
    /// - Parameters:
    ///   - pageSize: In bytes.
    public func hugePageOrder(pageSize: Int) -> Order {
        switch self {
        case .i386: Order.containing(pages: max(pageSize / 4, 1))
        case .amd64, .i386pae, .arm64, .riscv64: Order.containing(pages: max(pageSize / 8, 1))
        case .other: 9
        }
    }

    /// The largest order of a free block (`MAX_PAGE_ORDER`; CONFIG_ARCH_FORCE_MAX_ORDER, arch/arm64/Kconfig, 6.12).
    /// - Parameters:
    ///   - pageSize: In bytes.
    public func maximumOrder(pageSize: Int) -> Order {
        switch self {
        case .amd64, .i386, .i386pae, .riscv64, .other: 10
        case .arm64: pageSize == 65536 ? 13 : pageSize == 16384 ? 11 : 10
        }
    }

    /// The order of a pageblock: that of a huge page, at most ``maximumOrder(pageSize:)``
    /// (include/linux/pageblock-flags.h).
    /// - Parameters:
    ///   - pageSize: In bytes.
    public func pageblockOrder(pageSize: Int) -> Order {
        min(hugePageOrder(pageSize: pageSize), maximumOrder(pageSize: pageSize))
    }

    /// The default CONFIG_NR_CPUS (arch/x86/Kconfig, 6.12), with PAE that of machines large enough for NUMA. Only
    /// 32-bit x86 depends on it, see `LowMemory`.
    var configuredCPUs: Int { self == .i386pae ? 32 : 8 }

    /// The contiguous memory area that kernels set aside by default, in bytes: CONFIG_CMA_SIZE_MBYTES of most arm64
    /// kernels, such as Debian's; 0: none.
    public var usualContiguousArea: UInt64 { self == .arm64 ? 64 << 20 : 0 }

    /// Kernels for it are built with CONFIG_CMA.
    public var isCMAConfigured: Bool { usualContiguousArea > 0 }

    /// Kernels for it are built with CONFIG_NUMA: all 64-bit ones, and hardly any for 32-bit x86.
    public var isNUMAConfigured: Bool { !is32BitX86 }

    /// Memory can be added at run time, which requires pageblocks that nobody may allocate from (CONFIG_MEMORY_HOTPLUG,
    /// CONFIG_MEMORY_ISOLATION).
    public var hasMemoryHotplug: Bool { !is32BitX86 }
}

extension Topology {
    /// The size of all contiguous memory, in bytes: that of `cma=`, else of the areas whose places are known, else the
    /// default of the kernel's build.
    public var contiguousAreaSize: UInt64 {
        boot.cma ?? (contiguousAreas.isEmpty ? architecture.usualContiguousArea : placedContiguousSize)
    }

    /// The total size of the areas whose places are known, in bytes.
    private var placedContiguousSize: UInt64 {
        UInt64(clamping: contiguousAreas.reduce(0) { $0 + $1.pages }) &* UInt64(pageSize)
    }

    /// The size of the contiguous memory whose place is not known, in bytes.
    var unplacedContiguousSize: UInt64 { contiguousAreaSize - min(placedContiguousSize, contiguousAreaSize) }

    /// How many migratetypes the kernel is built with (`MIGRATE_TYPES`): CMA and isolation are optional.
    public var migratetypeCount: Int {
        let hasCMA = isCMAConfigured || contiguousAreaSize > 0
        return Migratetype.perCPUCount + 1 + (hasCMA ? 1 : 0) + (hasCMA || architecture.hasMemoryHotplug ? 1 : 0)
    }

    /// Each zone stores the types of the pageblocks that it touches for itself (FLATMEM); otherwise two zones that
    /// share a pageblock share its type (SPARSEMEM).
    public var hasPageblockTypesOfEachZone: Bool { architecture.is32BitX86 && !isNUMAConfigured }

    /// Whether a machine with `pages` of memory is too small to keep migratetypes apart: less than a pageblock for each
    /// (`build_all_zonelists`, mm/page_alloc.c, 6.1 and 6.12). With 64 KiB pages that is several gigabytes.
    public func isTooSmallForMobilityGrouping(pages: Int) -> Bool {
        pages < pageblockOrder.pages * migratetypeCount
    }
}
