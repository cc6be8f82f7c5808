import KernelLog
import SourceText

/// The code that made a request, read from the call trace below the allocator's own functions.
public struct Requester: Hashable, Sendable {
    /// What the memory was for.
    public enum Purpose: Hashable, Sendable, CaseIterable {
        case slab, largeKmalloc, vmalloc, pageFault, copyOnWrite, transparentHugePage, hugePage, pageCache, tmpfs
        case pageTable, fork, networkReceive, networkSend, dma, swapIn, pipe, module, filesystemBuffer, other
    }

    /// How developers solved the failure of this kind of request.
    public enum Practice: Hashable, Sendable, CaseIterable {
        /// Use kvmalloc in the caller: contiguous blocks where available, single pages otherwise.
        case kvmalloc
        /// Use rings of fewer or smaller buffers, or single pages for receive buffers.
        case smallerRing
        /// Allocate when the driver is loaded, before memory fragments, or from CMA.
        case allocateAtProbe
        /// Reserve the memory at boot.
        case reserveAtBoot
        /// Give more memory to the kernel that writes crash dumps: `crashkernel=`.
        case crashKernel
        /// Try with `__GFP_NORETRY|__GFP_NOWARN` first, and fall back to single pages.
        case quietFallback
        /// Use kernel stacks from vmalloc (CONFIG_VMAP_STACK).
        case vmapStack
    }

    /// The function that made the request, without compiler suffixes.
    public let function: String
    /// The module of the function; nil: the kernel itself.
    public let module: String?
    /// Whether the kernel is certain of the frames: a trace of nothing but question marks may hold frames of earlier calls.
    public let isCertain: Bool
    /// What the memory was for.
    public let purpose: Purpose
    /// Known solutions for this kind of request.
    public let practices: [Practice]

    /// Nil if there is no call trace, or no frame below the allocator.
    ///
    /// - Parameters:
    ///   - report: The report.
    ///   - request: Its request. One that may sleep was not made in an interrupt: what the trace has of one is a
    ///     remainder on the stack, which kernels before 2.6.28 do not mark.
    init?(_ report: FailureReport, _ request: FailedRequest?) {
        let isAsleep = request?.gfp.contains(.directReclaim) ?? false
        let trusted = Self.callers(report).filter { !isAsleep || !Self.interrupts.contains($0.function) }
        let names = trusted.map { Self.plain($0.function) }
        guard let first = names.firstIndex(where: Self.isEntry) else { return nil }
        // The frames of an interrupt end where those of the interrupted task begin. The frames of reclaim, within which
        // something requested memory, end where those of the request that reclaims begin.
        let end =
            names[first...].firstIndex { Self.interrupts.contains($0) || Self.reclaim.contains($0) } ?? names.count
        guard let last = names[first..<end].lastIndex(where: Self.isAllocator), last + 1 < end else { return nil }
        let position = last + 1
        isCertain = trusted[position].isReliable
        function = names[position]
        module = trusted[position].module
        let isInterrupt = end < names.count && Self.interrupts.contains(names[end])
        let told = Self.purpose(
            of: names[first..<min(end, position + 8)], from: position - first, order: report.order ?? 0)
        // An interrupt's own handler receives; what it sends follows from that.
        let purpose = told == .networkSend && isInterrupt && end <= position + 8 ? .networkReceive : told
        self.purpose = purpose
        practices = Self.practices(purpose, report, module: module)
    }

    static func plain(_ function: String) -> String {
        var name = function.split(separator: ".").first.map(String.init) ?? function
        if name.hasSuffix("_noprof") { name.removeLast("_noprof".count) }
        return name
    }

    // MARK: The allocator's own functions

    private static let interrupts: Set<String> = [
        "common_interrupt", "asm_common_interrupt", "apic_timer_interrupt", "ret_from_intr", "el1_irq", "do_IRQ",
        "asm_sysvec_apic_timer_interrupt", "el1h_64_irq", "__irq_svc",
    ]

    private static let reclaim: Set<String> = [
        "do_try_to_free_pages", "try_to_free_pages", "__perform_reclaim", "shrink_node", "shrink_zone", "shrink_lruvec",
        "shrink_page_list", "shrink_folio_list", "balance_pgdat", "kswapd",
    ]

    private static func isEntry(_ name: String) -> Bool {
        ["__alloc_pages", "__alloc_frozen_pages", "get_page_from_freelist"].contains { name.hasPrefix($0) }
            || name == "warn_alloc" || name == "warn_alloc_failed"
    }

    private static let allocatorPrefixes = [
        "__alloc_pages", "__alloc_frozen_pages", "alloc_pages", "alloc_page_", "__get_free_page", "get_zeroed_page",
        "folio_alloc", "__folio_alloc", "vma_alloc_folio", "kmalloc", "__kmalloc", "___kmalloc", "kmem_cache_alloc",
        "kmem_getpages", "cache_grow", "cache_alloc_refill", "fallback_alloc", "____cache_alloc", "new_slab",
        "allocate_slab", "___slab_alloc", "__slab_alloc", "alloc_slab_page", "slab_alloc", "vmalloc", "__vmalloc",
        "vzalloc", "kvmalloc", "__kvmalloc", "krealloc", "__krealloc", "kvrealloc", "kmemdup", "warn_alloc",
        "get_page_from_freelist", "alloc_contig", "__page_frag_alloc", "page_frag_alloc", "__page_cache_alloc",
        "__do_kmalloc", "kzalloc", "kcalloc", "dma_alloc_", "__dma_alloc", "dma_direct_alloc", "__dma_direct_alloc",
        "dmam_alloc", "alloc_frozen_pages", "out_of_memory", "__folio_alloc", "vm_area_alloc_pages", "mempool_alloc",
        "mempool_kmalloc", "spl_kmem_alloc", "spl_kmem_cache_alloc", "spl_kvmalloc", "kmem_alloc", "kmem_zalloc",
        "devm_kmalloc", "usb_alloc_coherent", "hcd_buffer_alloc", "atomic_pool_expand", "__dma_atomic_pool_init",
    ]

    /// Not functions of the allocator, though named like some: places in swap, a file's blocks.
    private static let namesakes: Set<String> = ["folio_alloc_swap", "alloc_page_buffers", "folio_alloc_buffers"]

    /// Whether a function belongs to the DMA layers between a driver and the page allocator (architecture, IOMMU, bus):
    /// `dma_generic_alloc_coherent`, `iommu_dma_alloc`, `x86_swiotlb_alloc_coherent`, `dma_pool_alloc`,
    /// `arm_dma_alloc`.
    private static func isDMALayer(_ name: String) -> Bool {
        ["alloc_coherent", "alloc_noncoherent", "dma_alloc", "alloc_consistent"].contains { name.hasSuffix($0) }
            || [
                "dma_alloc_", "__dma_alloc", "dma_direct_alloc", "__dma_direct", "dmam_alloc", "dma_pool_alloc",
                "pool_alloc_page", "dma_common_alloc", "__iommu_dma_alloc", "arch_dma_alloc", "snd_dma_alloc",
                "atomic_pool_expand", "__dma_atomic_pool_init", "alloc_single_sgt",
            ]
            .contains { name.hasPrefix($0) }
    }

    private static func isAllocator(_ name: String) -> Bool {
        (allocatorPrefixes.contains { name.hasPrefix($0) } && !namesakes.contains(name)) || isDMALayer(name)
    }

    // MARK: Purpose

    private static func purpose(of names: ArraySlice<String>, from caller: Int, order: Int) -> Purpose {
        let own = names.prefix(caller)
        func has(_ prefixes: String..., within list: ArraySlice<String>) -> Bool {
            list.contains { name in prefixes.contains { name.hasPrefix($0) } }
        }
        if has("vmalloc", "__vmalloc", "vzalloc", "vm_area_alloc_pages", within: own) { return .vmalloc }
        if own.contains(where: isDMALayer) { return .dma }
        // A single page is none, whatever else is on the stack.
        if order > 0, has("do_huge_pmd", "khugepaged", "collapse_huge_page", within: names) {
            return .transparentHugePage
        }
        if has("alloc_fresh_huge", "alloc_buddy_h", "alloc_surplus_huge", "hugetlb_", within: names) {
            return .hugePage
        }
        if has("shmem_", within: names) { return .tmpfs }
        if has("__alloc_skb", "alloc_skb_with_frags", "sock_alloc_send", "sk_page_frag", "skb_page_frag", within: names)
        {
            return has("napi_", "__netdev_alloc", "netdev_alloc", "tcp_v", within: names)
                ? .networkReceive : .networkSend
        }
        if has(
            "__netdev_alloc", "napi_alloc", "__napi_alloc", "dev_alloc", "page_pool_", "build_skb", "inet_csk",
            within: names) || names.contains(where: { $0.contains("_rx_") || $0.contains("receive") })
        {
            return .networkReceive
        }
        if has("pte_alloc", "__pte_alloc", "__pmd_alloc", "__pud_alloc", "pgd_alloc", "crst_table", within: names) {
            return .pageTable
        }
        if has("copy_process", "dup_task_struct", "alloc_thread_stack", within: names) { return .fork }
        if has("swap_cluster", "do_swap_page", "read_swap", "swapin_", "__read_swap", within: names) { return .swapIn }
        if has("wp_page_copy", "do_wp_page", "do_cow_fault", within: names) { return .copyOnWrite }
        if has(
            "filemap_", "__filemap", "page_cache_", "pagecache_", "__do_page_cache", "add_to_page_cache", "grab_cache",
            "ondemand_readahead", "cachefiles_", within: names)
        {
            return .pageCache
        }
        if has("do_anonymous_page", "handle_mm_fault", "__handle_mm_fault", within: names) { return .pageFault }
        if has("pipe_write", "anon_pipe_write", within: names) { return .pipe }
        if has("load_module", "module_alloc", "layout_and_allocate", within: names) { return .module }
        if has("grow_dev_page", "alloc_page_buffers", "__getblk", "bdev_getblk", within: names) {
            return .filesystemBuffer
        }
        return kindOfSlab(own, order: order)
    }

    /// What slab was asked for, by its own functions.
    private static func kindOfSlab(_ own: ArraySlice<String>, order: Int) -> Purpose {
        func has(_ prefixes: String...) -> Bool {
            own.contains { name in prefixes.contains { name.hasPrefix($0) } }
        }
        // A cache of such objects is kmalloc's own (mm/slab.c, until 6.7).
        if order > 3, has("kmalloc", "__kmalloc") { return .largeKmalloc }
        if has("kmalloc_order", "kmalloc_large", "__kmalloc_large", "___kmalloc_large") { return .largeKmalloc }
        if has(
            "kmem_", "cache_grow", "fallback_alloc", "new_slab", "allocate_slab", "___slab_alloc", "__slab_alloc",
            "alloc_slab_page")
        {
            return .slab
        }
        return has("kmalloc", "__kmalloc", "krealloc") ? .largeKmalloc : .other
    }

    /// Whether slab asked, for a task's structure, say.
    private static func isOfSlab(_ report: FailureReport) -> Bool {
        report.callTrace.contains { frame in
            frame.isReliable
                && ["kmem_cache_alloc", "new_slab", "allocate_slab"].contains { frame.function.hasPrefix($0) }
        }
    }

    private static func practices(_ purpose: Purpose, _ report: FailureReport, module: String?) -> [Practice] {
        let order = report.order ?? 0
        let ram = report.memory?.pageTotals["RAM"].map { min(max(0, $0), 1 << 40) } ?? Int.max
        // A kernel that writes a crash dump has only the memory set aside by `crashkernel=`, a few hundred megabytes.
        let isDump =
            (report.kernelRelease?.mentions("kdump") ?? false || report.process?.name.mentions("kdump") ?? false
                || report.process?.name.mentions("makedumpfile") ?? false) && ram < 1 << 19
        var practices: [Practice] = isDump ? [.crashKernel] : []
        switch purpose {
        case .largeKmalloc where order > 0:
            let isRing = report.callTrace.contains { $0.function.mentions("ring") && $0.isReliable }
            practices += isRing ? [.kvmalloc, .smallerRing] : [.kvmalloc]
        case .dma where order > 0:
            let isNetwork = report.callTrace.contains { frame in
                frame.isReliable && ["ring", "dev_open", "ndo_", "net"].contains { frame.function.mentions($0) }
            }
            practices += isNetwork ? [.allocateAtProbe, .smallerRing] : [.allocateAtProbe]
        case .networkReceive: practices += [.smallerRing]
        case .networkSend where order > 0: practices += [.quietFallback]
        case .hugePage: practices += [.reserveAtBoot]
        case .fork where order > 0 && !isOfSlab(report): practices += [.vmapStack]
        case .slab, .largeKmalloc, .vmalloc, .pageFault, .copyOnWrite, .transparentHugePage, .pageCache, .tmpfs,
            .pageTable, .fork, .networkSend, .dma, .swapIn, .pipe, .module, .filesystemBuffer, .other:
            break
        }
        return practices
    }
}
