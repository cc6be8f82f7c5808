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

    /// Unmaps pages until there are `goal`, which are then to be freed, or the time is over. Returns the time left.
    mutating func gather(_ goal: Int, within time: Int, _ costs: CPUCosts) -> Int {
        let missing = max(goal - unmapped, 0)
        let affordable = costs.hundredPagesUnmapped > 0 ? time * 100 / costs.hundredPagesUnmapped : missing
        guard affordable >= missing else {
            unmapped += affordable
            return 0
        }
        self = ExitProgress(toFree: goal)
        return time - missing * costs.hundredPagesUnmapped / 100
    }
}

extension Machine {
    /// A killed process runs until its time is over: it unmaps pages, and frees them once it has gathered many or all
    /// (`exit_mmap`). So its memory comes back in bursts.
    mutating func victimExits(_ costs: CPUCosts) {
        guard var exit = pressure.exit, let time = pressure.cpu?.timeLeft() else { return }
        let cost = max(costs.exitedPage, 1)
        var left = time
        var isOver = false
        while left > 0, !isOver {
            if exit.toFree == 0 {
                let goal = min(reclaimHook?.exitingPages ?? .max, ExitProgress.mostGathered)
                left = exit.gather(goal, within: left, costs)
            }
            let most = min(exit.toFree, left / cost)
            let given = most > 0 ? reclaimHook?.letOthersRun(upTo: most, in: &self) ?? 0 : 0
            exit.toFree -= most
            left -= given * cost
            // A hook that cannot say how many pages are left gives fewer than it is asked for.
            isOver = given < most || reclaimHook?.exitingPages == 0
            if most == 0 { break }
        }
        pressure.exit = isOver ? nil : exit
        guard left < time else { return }
        switch profile.reclaim.scheduler {
        case .completelyFair: _ = pressure.cpu?.otherRuns(time - left)
        case .earliestDeadline: pressure.cpu?.passes(time - left)
        }
        pressure.cpu?.switches()
    }
}
