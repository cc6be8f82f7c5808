import KernelLog

extension Remedy {
    /// What helps where no zone was asked, so that nothing can be tried: limits that an administrator sets.
    static func forLimits(_ report: FailureReport, cause: Cause) -> [Remedy] {
        switch cause {
        case .memcg:
            let limit = report.oom?.cgroupUsage.first { $0.resource == "memory" }?.limit
            return [Remedy(likely: .cgroupLimit(name: report.oom?.memcg, now: limit))]
        case .cmaArea: return [Remedy(likely: .contiguousArea(isLarger: true))]
        case .fragmentation, .reservesExhausted, .belowMinNoReserve, .memoryFull, .zoneExhausted, .lowmemReserve,
            .highAtomic, .watermarkBoost, .movableOnly, .cmaOnly, .nodeFullThisNode, .memorylessNode, .nodemask,
            .mempolicy, .cpuset, .processMemory, .mlocked, .tmpfs, .ramdisk, .hugetlb, .slabLeak, .pageLeak,
            .vmallocLeak, .balloon, .pageTables, .forkBomb, .vmallocSize, .orderTooLarge, .bootInitramfs, .sysrqF,
            .none,
            .allocationStall, .stateWouldServe, .unknown:
            return []
        }
    }
}
