extension FailureReport {
    /// Whether a part is missing that a report of this kind usually has.
    func lacks(_ section: Section) -> Bool {
        let isRequest: Bool
        let prints: Bool
        switch kind {
        case .sysrqShowMemory, .memoryInfo: (isRequest, prints) = (false, true)
        case .allocatorWarning, .cmaFailure, .hugePageShortage: (isRequest, prints) = (false, false)
        // A kill for a memory cgroup prints the cgroup's figures instead.
        case .memoryCgroupOOM, .slubFailure: (isRequest, prints) = (true, false)
        case .noMMUFailure: (isRequest, prints) = (false, true)
        case .pageAllocationFailure, .oomKill, .vmallocFailure, .allocationStall: (isRequest, prints) = (true, true)
        }
        let hasOrder = isRequest && kind != .vmallocFailure && kind != .slubFailure
        let isKill = kind == .oomKill || kind == .memoryCgroupOOM
        let zones = memory?.zones ?? []
        let wantsMemory = prints
        return switch section {
        case .kernelRelease: kernelRelease == nil
        case .process: isRequest && process == nil
        case .gfpMask: isRequest && gfp == nil
        case .gfpNames: isRequest && gfp != nil && gfp?.names == nil
        case .order: hasOrder && order == nil
        case .callTrace: isRequest && callTrace.isEmpty
        case .counters: wantsMemory && memory?.counters.isEmpty ?? true
        case .nodes: wantsMemory && memory?.nodes.isEmpty ?? true
        case .zones: wantsMemory && (zones.isEmpty || zones.contains { $0.free == nil })
        case .lowmemReserve: wantsMemory && zones.contains { $0.lowmemReserve == nil }
        case .managedPages: wantsMemory && zones.contains { $0.managed == nil }
        case .freeBlocks: wantsMemory && (zones.isEmpty || zones.contains { $0.freeBlocks == nil })
        case .migratetypeLetters:
            wantsMemory && zones.contains { $0.freeBlocks?.contains { $0.count > 0 && $0.letters == nil } ?? false }
        case .perCPUPages: wantsMemory && zones.contains { $0.kibibytes["free_pcp"] == nil && $0.perCPU.isEmpty }
        case .swap: wantsMemory && memory?.totalSwap == nil
        case .totalPages: wantsMemory && memory?.pageTotals["RAM"] == nil
        case .constraint: isKill && oom?.constraint == nil
        case .victim: isKill && oom?.victims.isEmpty ?? true
        case .tasks: isKill && tasks.isEmpty
        }
    }
}
