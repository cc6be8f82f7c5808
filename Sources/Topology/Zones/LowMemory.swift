import BuddyEngine
import GFP

/// Where the memory that a 32-bit x86 kernel maps for itself ends, and HighMem begins.
///
/// The kernel has the fourth gigabyte of addresses. From its top down lie the fixed mappings, each CPU's entry area, the
/// local descriptor tables and the window for HighMem pages, each rounded to what one entry of the last but one level of
/// page tables maps, then the room for `vmalloc`; what is left maps low memory (`MAXMEM`,
/// arch/x86/include/asm/pgtable_32_areas.h, 5.10 and 6.12; verified against two kernels of 6.12).
struct LowMemory {
    /// Levels of page tables: an entry of the last but one maps 4 MiB, with PAE 2 MiB.
    var hasPAE: Bool
    /// CONFIG_NR_CPUS: each CPU has mappings of its own, used or not.
    var configuredCPUs: Int
    /// `vmalloc=` in bytes; nil: 128 MiB.
    var vmalloc: UInt64?

    /// The end of what can be mapped, in bytes.
    var end: UInt64 {
        let page: UInt64 = 4096
        let table: UInt64 = hasPAE ? 2 << 20 : 4 << 20
        // FIXADDR_TOP: the last page of the addresses.
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

    /// Pages of all CPUs' entry areas: descriptor table, stacks and guards, task state with its bitmap of ports, and what
    /// branch and event sampling write (`struct cpu_entry_area`, arch/x86/include/asm/cpu_entry_area.h, 6.12).
    private var entryPages: UInt64 { 43 * cpus }

    /// Pages of fixed mappings (`enum fixed_addresses`, arch/x86/include/asm/fixmap.h, 6.12): a few single ones, 64 I/O
    /// APICs, sixteen temporary ones for each CPU; then 512 for early boot, which do not cross a page table.
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
    /// The memory of a 32-bit x86 kernel that can be mapped for itself, in bytes from address 0; nil: all can.
    ///
    /// Kernels before 4.15 have no CPU entry areas: for them the nominal 896 MiB are taken.
    var mappableEnd: UInt64? {
        guard architecture.is32BitX86 else { return nil }
        guard kernel.has(.cpuEntryAreas) else { return 896 << 20 }
        return LowMemory(
            hasPAE: architecture == .i386pae, configuredCPUs: configuredCPUs ?? architecture.configuredCPUs,
            vmalloc: boot.vmalloc
        ).end
    }

    /// The page frame after the last that such a kernel uses: without PAE 4 GiB, with it 64 GiB, and where `highmem=`
    /// leaves memory over, as much as it says (`highmem_pfn_init`, arch/x86/mm/init_32.c, 6.12).
    var usableEnd: PageFrame? {
        guard let mappableEnd else { return nil }
        let reach = PageFrame(architecture == .i386pae ? 1 << 24 : 1 << 20)
        guard let highMem = boot.highMem, highMem / 4096 < reach.rawValue else { return reach }
        let mapped = PageFrame(mappableEnd / 4096)
        guard let end = nodes.compactMap({ $0.memory.last?.upperBound }).max(), end > mapped else { return reach }
        return min(reach, mapped + Int(highMem / 4096))
    }

    /// Where Normal ends, in bytes: with `highmem=` so far below the end of memory, if 64 MiB are left
    /// (`lowmem_pfn_init`, arch/x86/mm/init_32.c, 6.12).
    func lowMemoryEnd(memoryEnd: UInt64) -> UInt64? {
        guard let mappableEnd else { return nil }
        guard memoryEnd <= mappableEnd, let highMem = boot.highMem, highMem > 0, highMem < memoryEnd,
            memoryEnd - highMem >= 64 << 20
        else { return mappableEnd }
        return memoryEnd - highMem / 4096 * 4096
    }
}
