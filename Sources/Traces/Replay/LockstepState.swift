import PageAllocator

/// What a lock-step replay knows beside the machine, to put it where the traced one stood.
struct LockstepState: ~Copyable {
    /// The request being made. Of its own: a request is large.
    var request = AllocationRequest([])
    var follower = ListFollower()
    var policies = PolicyGuess()
    /// Blocks given in place of ones that could not be had, by page frame, and for which traced frame.
    var substitutes: [UInt64: UInt64] = [:]
    /// Blocks that must have been taken without an event, and their orders.
    var silent: [UInt64: UInt8] = [:]
    /// ``ReplayObserver/kswapdWakes`` when kswapd was last let finish.
    var kswapdWakesSeen = 0
    /// The pages in use for something known here, each on its own.
    var claimed = FrameTable()
}
