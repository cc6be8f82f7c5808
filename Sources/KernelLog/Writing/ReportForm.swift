import GFP
import Topology

/// What a kernel prints when memory runs out, by version. 5.10, 6.1, 6.12, 7.2 and 7.3 were read from their source; the
/// boundaries between other versions are from reports of the time, so one may be off by a release.
struct ReportForm: Hashable, Sendable {
    let kernel: KernelVersion

    private func since(_ major: Int, _ minor: Int, _ patch: Int = 0) -> Bool {
        kernel >= KernelVersion(major, minor, patch)
    }

    // MARK: Header

    /// `failure: order:` instead of `failure. order:`.
    var hasColonAfterFailure: Bool { since(3, 0) }
    /// `%pGg`: the mask by name.
    var hasMaskNames: Bool { since(4, 6) }
    /// `nodemask=` in the line of a failure.
    var hasNodemask: Bool { since(4, 11) }
    /// `cpuset=` and `mems_allowed=` are in the first line instead of on a separate one.
    var hasCpusetInHeader: Bool { since(5, 0) }
    /// `nodemask=` in the line of a kill.
    var hasNodemaskInKill: Bool { since(4, 8) && !since(5, 0) }
    var hasOldAdjustment: Bool { !since(3, 7) }
    var hasScoreAdjustment: Bool { since(2, 6, 36) }
    /// `Pid: 5030, comm: httpd Not tainted 2.6.32 #1`.
    var hasOldProcessLine: Bool { !since(3, 10) }
    /// `UID: 0` before the PID.
    var hasUserInProcessLine: Bool { since(6, 11) }
    /// `[<ffffffff810d40c1>]` before a frame.
    var hasFrameAddresses: Bool { !since(4, 10) }
    var hasTaskMarks: Bool { since(5, 17) }
    var stall: Stall {
        if since(4, 9), !since(4, 15) { return .milliseconds }
        return since(7, 2) ? .seconds : .none
    }

    enum Stall {
        /// `warn_alloc`, 4.9 to 4.14.
        case milliseconds
        /// `check_alloc_stall_warn`, from 7.2.
        case seconds
        case none
    }

    // MARK: Memory

    /// Zones above the highest that the request may use are omitted.
    var hidesHigherZones: Bool { since(6, 1) }
    var hasPerCPULists: Bool { !since(4, 1) }
    /// `free:` comes before slab and mapped.
    var hasFreeInTheMiddle: Bool { !since(4, 1) }
    var hasUnstable: Bool { !since(5, 8) }
    var hasMiscReclaimable: Bool { since(5, 15) }
    var hasSecondaryPageTables: Bool { since(6, 1) }
    var hasFreeCMA: Bool { since(3, 6) }
    var hasFreePerCPU: Bool { since(4, 1) }
    var hasNodeLines: Bool { since(4, 8) }
    var hasPagesScannedInNode: Bool { since(4, 8) && !since(4, 12) }
    var hasKernelStackInNode: Bool { since(5, 9) }
    var hasPageTablesInNode: Bool { since(5, 11) }
    var hasWritebackTemporaryInNode: Bool { !since(6, 17) }
    var hasBalloonInNode: Bool { since(6, 16) }
    var hasGraphicsInNode: Bool { since(7, 0) }
    /// `shmem_thp: 0kB`, with a blank.
    var hasBlankAfterHugeName: Bool { !since(6, 3) }
    var hasManaged: Bool { since(3, 8) }
    var hasSlabInZone: Bool { !since(4, 10) }
    var hasBoost: Bool { since(5, 18) }
    var hasReservedHighAtomic: Bool { since(5, 6) }
    var hasFreeHighAtomic: Bool { since(6, 13) }
    var reservedUnit: String { since(7, 3) ? "kB" : "KB" }
    var hasCompressedPages: Bool { since(6, 19) }
    var hasLetters: Bool { since(3, 9) }
    /// The reserve of kernels before 4.4 has the letter `R`.
    var reserveLetter: Character { since(4, 4) ? "H" : "R" }
    var hasHugePages: Bool { since(3, 10) }
    var hasSwapStatistics: Bool { !since(5, 14) }
    /// `pages shared` instead of `pages HighMem/MovableOnly`.
    var hasSharedPages: Bool { !since(3, 10) }

    // MARK: Kill

    var hasSummary: Bool { since(5, 0) }
    var hasTaskTitle: Bool { since(5, 0) }
    var hasAnnouncement: Bool { !since(5, 0) }
    var hasSharedInKill: Bool { since(4, 5) }
    var hasUserInKill: Bool { since(5, 4) }

    /// The column titles between `[ pid ]` and `name`.
    var taskColumns: [String] {
        let first = ["uid", "tgid", "total_vm", "rss"]
        if since(6, 8) {
            return first + ["rss_anon", "rss_file", "rss_shmem", "pgtables_bytes", "swapents", "oom_score_adj"]
        }
        if since(4, 16) { return first + ["pgtables_bytes", "swapents", "oom_score_adj"] }
        if since(4, 15) { return first + ["nr_ptes", "nr_pmds", "nr_puds", "swapents", "oom_score_adj"] }
        if since(4, 0) { return first + ["nr_ptes", "nr_pmds", "swapents", "oom_score_adj"] }
        if since(3, 7) { return first + ["nr_ptes", "swapents", "oom_score_adj"] }
        return first + (hasScoreAdjustment ? ["cpu", "oom_adj", "oom_score_adj"] : ["cpu", "oom_adj"])
    }
}

extension WrittenReport {
    /// Whether a kernel reports requests that have been trying for a long time: 4.9 to 4.14, and from 7.2.
    public static func printsStalls(_ kernel: KernelVersion) -> Bool { ReportForm(kernel: kernel).stall != .none }
}
