import FailureAnalysis
import SourceText

/// What is to be said of swap, and of page cache that was not given up, beside who has the memory.
extension FailureSentence {
    /// "; swap (8 GiB) is full": said wherever swap would have taken what is missing.
    func swap(_ cause: Cause) -> String {
        guard [.processMemory, .tmpfs, .memoryFull].contains(cause), let swap = account?.swap else { return "" }
        // Swap takes none of the page cache.
        if cause == .memoryFull, account?.largestInUse?.kind == .pageCache { return cacheKept }
        if swap.isLeaving {
            return ", and swap is being switched off (swapoff): what lies in it must come back into memory"
        }
        if swap.total == 0 { return ", and there is no swap" }
        if swap.isFull { return ", and swap (\(MemoryAmount.text(kibibytes: swap.total))) is full" }
        // "mm: vmscan: scan until it finds eligible pages" (M. Kim, 4.12) is one of several such faults.
        guard report.kind == .oomKill, swap.hasRoom, request?.order == 0 else { return "" }
        return
            ", though \(MemoryAmount.text(kibibytes: swap.free)) of swap are free: reclaim gave up on pages that it could have "
            + "written there, which is seldom a want of memory (pages in use or locked, or a fault of that kernel)"
    }

    /// ", of which 3.8 GiB must be written first; reclaim ...": of a kill, though page cache is what reclaim frees first.
    private var cacheKept: String {
        guard report.kind == .oomKill else { return "" }
        let counters = report.memory?.counters ?? [:]
        let unwritten = ["dirty", "writeback"].reduce(0) { $0 + min(max(0, counters[$1] ?? 0), 1 << 40) }
        let written = unwritten > 0 ? ", of which \(amount(unwritten)) must be written first" : ""
        return written
            + "; reclaim could not free it, which is seldom a want of memory (pages in use, a slow disk, or a "
            + "fault of that kernel or file system)"
    }
}
