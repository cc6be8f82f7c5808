import PageAllocator

/// What a lock-step replay knows besides the machine, to restore the traced machine's state.
struct LockstepState: ~Copyable {
    /// The request being made. Reused, because a request is large.
    var request = AllocationRequest([])
    var follower = ListFollower()
    var policies = PolicyGuess()
    /// Blocks used instead of traced ones that were not available, by page frame, and the traced frame.
    var substitutes: [UInt64: UInt64] = [:]
    /// Blocks that must have been allocated without an event, and their orders.
    var silent: [UInt64: UInt8] = [:]
    /// ``ReplayObserver/kswapdWakes`` when kswapd was last treated as finished.
    var kswapdWakesSeen = 0
    /// The pages in use for a known purpose, one by one.
    var claimed = FrameTable()
}
