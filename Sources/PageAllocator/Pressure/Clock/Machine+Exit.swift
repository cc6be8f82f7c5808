import BuddyEngine

/// How far a killed process has come with giving its memory back.
struct ExitProgress: Hashable, Sendable {
    /// Pages that it has unmapped and not begun to free.
    var unmapped = 0
    /// Pages that are left to free of those that it gathered.
    var toFree = 0

    /// An exiting process gathers this many pages before it frees them: 8, and 19 batches of a page of pointers each
    /// (`tlb_next_batch`, mm/mmu_gather.c; `MAX_GATHER_BATCH_COUNT`).
    static let mostGathered = 8 + 19 * 510
}

extension Machine {
    /// A killed process runs until its time is over: it unmaps pages, and frees them once it has gathered many or all
    /// (`exit_mmap`). So its memory comes back in bursts.
    mutating func victimExits(_ costs: CPUCosts) {
        let time = pressure.cpu?.timeLeft() ?? 0
        var left = time
        while left > 0, pressure.isSomebodyExiting {
            guard unmapsAll(within: &left, costs) else { break }
            let most = min(pressure.exit.toFree, left / max(costs.exitedPage, 1))
            guard most > 0 else { break }
            let given = reclaimHook?.letOthersRun(upTo: most, in: &self) ?? 0
            pressure.exit.toFree -= most
            left -= given * max(costs.exitedPage, 1)
            if given < most || pressure.exit.toFree == 0 && reclaimHook?.exitingPages == 0 {
                pressure.isSomebodyExiting = false
                pressure.exit = ExitProgress()
            }
        }
        guard left < time else { return }
        switch profile.reclaim.scheduler {
        case .completelyFair: _ = pressure.cpu?.otherRuns(time - left)
        case .earliestDeadline: pressure.cpu?.passes(time - left)
        }
        pressure.cpu?.switches()
    }

    /// Unmaps pages unless there are some to free. Returns whether there are now.
    private mutating func unmapsAll(within left: inout Int, _ costs: CPUCosts) -> Bool {
        guard pressure.exit.toFree == 0 else { return true }
        let goal = min(ExitProgress.mostGathered, reclaimHook?.exitingPages ?? ExitProgress.mostGathered)
        let missing = max(goal - pressure.exit.unmapped, 0)
        let affordable = costs.hundredPagesUnmapped > 0 ? left * 100 / costs.hundredPagesUnmapped : missing
        let count = min(missing, affordable)
        pressure.exit.unmapped += count
        left -= count * costs.hundredPagesUnmapped / 100
        guard count == missing else {
            left = 0
            return false
        }
        pressure.exit = ExitProgress(unmapped: 0, toFree: goal)
        guard goal > 0 else {
            pressure.isSomebodyExiting = false
            return false
        }
        return true
    }
}
