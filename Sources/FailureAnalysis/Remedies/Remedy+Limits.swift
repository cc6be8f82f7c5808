import KernelLog

extension Remedy {
    /// What helps where no zone was asked, so that nothing can be tried: limits that an administrator sets.
    static func forLimits(_ report: FailureReport, cause: Cause) -> [Remedy] {
        switch cause.limit {
        case .cgroup:
            let limit = report.oom?.cgroupUsage.first { $0.resource == "memory" }?.limit
            return [Remedy(likely: .cgroupLimit(name: report.oom?.memcg, now: limit))]
        case .contiguousArea: return [Remedy(likely: .contiguousArea(isLarger: true))]
        case nil: return []
        }
    }
}
