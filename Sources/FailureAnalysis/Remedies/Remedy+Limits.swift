import KernelLog

extension Remedy {
    /// Remedies if no zone was asked, so that nothing can be tried: limits set by an administrator.
    static func forLimits(_ report: FailureReport, cause: Cause) -> [Remedy] {
        switch cause.limit {
        case .cgroup:
            let limit = report.oom?.cgroupUsage.first { $0.resource == "memory" }?.limit
            let isFirst = report.oom?.cgroupUsage.contains { ["memory+swap", "kmem"].contains($0.resource) } ?? false
            return [Remedy(likely: .cgroupLimit(name: report.oom?.memcg, now: limit, isFirstVersion: isFirst))]
        case .contiguousArea:
            // Pages that could not be moved, or a signal, do not mean that room is missing.
            let isFull = report.cma.map { cma in
                cma.result.map { $0 == -12 } ?? (cma.largestRun ?? 0 < cma.pages)
            }
            return isFull ?? true ? [Remedy(likely: .contiguousArea(isLarger: true))] : []
        case nil: return []
        }
    }
}
