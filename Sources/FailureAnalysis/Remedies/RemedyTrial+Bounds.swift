import KernelLog

/// Remedies where a report does not say enough for the cause.
extension RemedyTrial {
    /// What serves the request even on the machine that is as adverse as the report leaves open: it would have served on any
    /// other too. What does not serve there may on a better one, and is not named.
    ///
    /// Empty where the machine's size, its marks or the request itself are among the gaps: nothing bounds those.
    static func certain(on scene: FailureScene, gaps: [Gap], account: MemoryAccount?) -> [Remedy] {
        let isBounded = gaps.allSatisfy { gap in
            switch gap {
            case .blocks, .highAtomicReserve, .tasks, .counters, .hugePages: true
            case .request, .order, .zones, .otherZones, .free, .marks, .reserve, .size, .total, .constraint, .mixed:
                false
            }
        }
        guard isBounded, scene.isRefused else { return [] }
        let trial = RemedyTrial(scene, cause: .unknown, account: account, requester: nil)
        return trial.remedies().filter { remedy in
            // How many of the free pages are movable is among what is not stated.
            if case .compaction = remedy.change { return false }
            return remedy.odds == .certain
        }
    }
}
