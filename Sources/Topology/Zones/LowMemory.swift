import BuddyEngine
import GFP

/// Where the memory that a 32-bit x86 kernel maps for itself ends, and HighMem begins.
///
/// The kernel has the fourth gigabyte of addresses. From the top down it holds the fixed mappings, each CPU's entry
/// area, the local descriptor tables and the window for HighMem pages, each aligned to what one entry of the
/// last-but-one level of page tables maps, then the `vmalloc` area; the rest maps low memory (`MAXMEM`,
/// arch/x86/include/asm/pgtable_32_areas.h, 5.10 and 6.12; verified against two kernels of 6.12).
struct LowMemory {
    /// Three levels of page tables: an entry of the last-but-one level maps 2 MiB instead of 4 MiB.
    var hasPAE: Bool
    /// CONFIG_NR_CPUS: each CPU has mappings of its own, used or not.
    var configuredCPUs: Int
    /// `vmalloc=` in bytes; nil: 128 MiB.
    var vmalloc: UInt64?

    /// The end of the memory that can be mapped, in bytes.
    var end: UInt64 {
        let page: UInt64 = 4096
        let table: UInt64 = hasPAE ? 2 << 20 : 4 << 20
        // FIXADDR_TOP: the last page of the address space.
        var address = (1 << 32 as UInt64) - page
        address -= fixedPages * page
        // CPU_ENTRY_AREA_BASE, LDT_BASE_ADDR, PKMAP_BASE; the page for the interrupt table comes before the CPUs'.
        address = (address - (entryPages + 1) * page) / table * table
        address = (address - page) / table * table
        address = (address - page) / table * table
        // VMALLOC_END.
        address -= 2 * page
        let kernelStart: UInt64 = 3 << 30
        let reserve = vmalloc.map { $0 > 1 << 30 ? 1 << 30 : $0 + 8 << 20 } ?? 128 << 20
        let mapped = address - kernelStart
        return mapped > reserve ? (mapped - reserve) / page * page : 0
    }

    /// Pages of all CPUs' entry areas: descriptor table, stacks and guards, task state with its I/O bitmap, and the
    /// buffers of branch tracing and event sampling (`struct cpu_entry_area`, arch/x86/include/asm/cpu_entry_area.h,
    /// 6.12).
    private var entryPages: UInt64 { 43 * cpus }

    /// Pages of fixed mappings (`enum fixed_addresses`, arch/x86/include/asm/fixmap.h, 6.12): a few single ones, 64 I/O
    /// APICs, sixteen temporary ones for each CPU, then 512 for early boot, which must not cross a page table.
    private var fixedPages: UInt64 {
        let permanent = 70 + 16 * cpus
        let early: UInt64 = 512
        let entries: UInt64 = hasPAE ? 512 : 1024
        let crosses = permanent / entries != (permanent + early - 1) / entries
        return (crosses ? (permanent / early + 1) * early : permanent) + early + 1
    }

    private var cpus: UInt64 { UInt64(min(max(configuredCPUs, 1), 64)) }
}

extension Topology {
    /// The end of the memory that a 32-bit x86 kernel can map for itself, in bytes; nil: all can be mapped.
    ///
    /// Kernels before 4.15 have no CPU entry areas; the nominal 896 MiB are used for them.
    var mappableEnd: UInt64? {
        guard architecture.is32BitX86 else { return nil }
        guard kernel.has(.cpuEntryAreas) else { return 896 << 20 }
        return LowMemory(
            hasPAE: architecture == .i386pae, configuredCPUs: configuredCPUs ?? architecture.configuredCPUs,
            vmalloc: boot.vmalloc
        ).end
    }

    /// The end of the page frames that such a kernel uses: 4 GiB without PAE, 64 GiB with it, or less if `highmem=`
    /// limits the memory above the mapped part (`highmem_pfn_init`, arch/x86/mm/init_32.c, 6.12).
    var usableEnd: PageFrame? {
        guard let mappableEnd else { return nil }
        let reach = PageFrame(architecture == .i386pae ? 1 << 24 : 1 << 20)
        guard let highMem = boot.highMem, highMem / 4096 < reach.rawValue else { return reach }
        let mapped = PageFrame(mappableEnd / 4096)
        guard let end = nodes.compactMap({ $0.memory.last?.upperBound }).max(), end > mapped else { return reach }
        return min(reach, mapped + Int(highMem / 4096))
    }

    /// Where Normal ends, in bytes: `highmem=` below the end of memory, if that leaves 64 MiB (`lowmem_pfn_init`,
    /// arch/x86/mm/init_32.c, 6.12).
    func lowMemoryEnd(memoryEnd: UInt64) -> UInt64? {
        guard let mappableEnd else { return nil }
        guard memoryEnd <= mappableEnd, let highMem = boot.highMem, highMem > 0, highMem < memoryEnd,
            memoryEnd - highMem >= 64 << 20
        else { return mappableEnd }
        return memoryEnd - highMem / 4096 * 4096
    }
}
