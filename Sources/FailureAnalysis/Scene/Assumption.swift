import Topology

/// Something that a report does not state and that was assumed so that its request could be made again.
public enum Assumption: Hashable, Sendable {
    /// About the machine's layout, as noted by the report's reader.
    case layout(String)
    /// The report names no order.
    case order(Int)
    /// The report names no kernel: the source of the layout by which the mask was read.
    case maskLayout(source: String)
    /// The call trace shows that reclaim itself made the request (PF_MEMALLOC), which may use the reserves unless it
    /// says otherwise (`__GFP_NOMEMALLOC`).
    case askedByReclaim(mayUseReserves: Bool)
    /// The process had been chosen by the OOM killer.
    case askedByVictim
    /// For `__GFP_THISNODE` without a named node: one that refuses.
    case tiedToNodeThatRefuses(NodeID)
    /// For `__GFP_THISNODE` without a named node: the one with the least memory to spare.
    case tiedToScarcestNode(NodeID)
    /// For `__GFP_THISNODE` without a named node, where each node listed would serve: one without memory.
    case tiedToNodeWithoutMemory(NodeID)
    /// Kernels up to 5.5 do not print how much is reserved for atomic requests.
    case unprintedReservation
    /// The order test of kernels before 4.4 refuses.
    case historicOrderRule(passesAtMin: Bool)
    /// The state is between the marks; the last walk before a kill keeps to the high one.
    case highMarkOfLastLook
    /// So many pages are assumed to have been freed between the refusal and the report.
    case freedSince(pages: Int)
}
