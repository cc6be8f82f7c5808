import KernelLog

/// A trace of guesses: a kernel without frame pointers or other tables prints whatever on the stack looks like a code
/// address, each with `?` (`show_trace_log_lvl`, arch/x86/kernel/dumpstack.c, 6.12). Most of it is the call, but addresses of
/// functions and frames of earlier calls are among it.
extension Requester {
    /// The frames that may belong to the call: those that the kernel is certain of, or, if there are none, the guesses
    /// that no rule excludes.
    static func callers(_ report: FailureReport) -> [FailureReport.Frame] {
        report.probableCallTrace.filter { $0.isReliable || $0.isInside && mayRun($0.function, report.process?.name) }
    }

    /// The functions that only a kernel thread of that name runs.
    private static let threads: [(function: String, thread: String)] = [
        ("khugepaged", "khugepaged"), ("kswapd", "kswapd"), ("balance_pgdat", "kswapd"), ("kcompactd", "kcompactd"),
        ("ksm_scan_thread", "ksmd"), ("worker_thread", "kworker"), ("process_one_work", "kworker"),
        ("run_ksoftirqd", "ksoftirqd"), ("rcu_gp_kthread", "rcu"), ("kauditd_thread", "kauditd"),
    ]

    /// Whether a process may be in a function: one of a kernel thread is left over from another call in any other.
    private static func mayRun(_ function: String, _ process: String?) -> Bool {
        guard let process, let own = threads.first(where: { $0.function == plain(function) }) else { return true }
        return process.hasPrefix(own.thread)
    }
}
