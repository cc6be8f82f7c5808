import PageAllocator

/// Reclaim in lock-step: what it freed is in the trace, so it frees nothing itself. kswapd is taken to finish at once, and
/// ends the boost that woke it; without that, watermarks once boosted would stay so.
final class TracedReclaim: ReclaimHook {
    func reclaim(_ call: ReclaimCall, in machine: inout Machine) -> Int {
        guard call.reason == .kswapd else { return 0 }
        machine.endBoost(of: call.node)
        return 1
    }
}
