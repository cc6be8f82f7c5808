import KernelLog

extension Remedy {
    /// What helps where no zone was asked, so that nothing can be tried: limits that an administrator sets.
    static func forLimits(_ report: FailureReport, cause: Cause) -> [Remedy] {
        switch cause.limit {
        case .cgroup:
            let limit = report.oom?.cgroupUsage.first { $0.resource == "memory" }?.limit
            return [Remedy(likely: .cgroupLimit(name: report.oom?.memcg, now: limit))]
        case .contiguousArea:
            // Pages that could not be moved, or a signal, are no want of room.
            let isFull = report.cma.map { cma in
                cma.result.map { $0 == -12 } ?? (cma.largestRun ?? 0 < cma.pages)
            }
            return isFull ?? true ? [Remedy(likely: .contiguousArea(isLarger: true))] : []
        case nil: return []
        }
    }
}
