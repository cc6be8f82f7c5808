import GFP

extension KernelProfile {
    /// 7.2 is 6.12 with these rules changed. Code that was only rewritten in between (the search for a type to fall
    /// back on, claiming, batch sizes) gives the same results.
    public static let v7_2: KernelProfile = {
        var profile = v6_12
        profile.name = "7.2"
        profile.verifiedAgainst = "7.2.13 (built from Debian's linux-source-7.2)"
        profile.version = KernelVersion(7, 2)
        profile.perCPU.refillsForHighAtomic = false
        profile.perCPU.keepsHalfOfHighMin = true
        profile.perCPU.givesBackInPortions = true
        profile.walk.passesOverAwakeNodes = true
        profile.walk.slowPath = .walksOnceMoreWithNewRights
        profile.walk.reservesPerCPUBlocks = false
        profile.walk.hasDefragMode = true
        profile.reclaim.freesRenewHope = true
        // CONFIG_LRU_GEN is off by default, and distributions keep it off. It is off in the kernels recorded: a direct
        // reclaim takes 32 pages, not 64.
        profile.reclaim.keepsGenerations = false
        profile.reclaim.cacheFolioOrder = 5
        profile.reclaim.preemption = .lazy
        profile.ranges.restoresTypes = true
        return profile
    }()

    /// 7.3 is 7.2 with these rules changed.
    public static let v7_3: KernelProfile = {
        var profile = v7_2
        profile.name = "7.3"
        profile.verifiedAgainst = "7.3.4 (built from Debian's linux-source-7.3)"
        profile.version = KernelVersion(7, 3)
        profile.walk.highAtomicInFirstWalk = true
        profile.walk.reservesOnlyAtMinMark = true
        profile.reclaim.looksAgainAfterFruitlessNodeReclaim = false
        return profile
    }()
}
