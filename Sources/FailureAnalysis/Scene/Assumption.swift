import Topology

/// What a report does not say and was assumed instead, so that its request could be made again.
public enum Assumption: Hashable, Sendable {
    /// Of the machine's layout, as the reader of the report notes it.
    case layout(String)
    /// The report names no order.
    case order(Int)
    /// The report names no kernel: whose bits the mask is read by.
    case maskLayout(source: String)
    /// The call trace shows reclaim itself asking (PF_MEMALLOC).
    case askedByReclaim
    /// The process had been chosen by the OOM killer.
    case askedByVictim
    /// `__GFP_THISNODE`, and nothing names the node: one that refuses.
    case tiedToNodeThatRefuses(NodeID)
    /// `__GFP_THISNODE`, and nothing names the node: the one with the least to spare.
    case tiedToScarcestNode(NodeID)
    /// `__GFP_THISNODE`, and each node listed would serve: one without memory.
    case tiedToNodeWithoutMemory(NodeID)
    /// Kernels to 5.5 do not print how much is kept for atomic requests.
    case unprintedReservation
    /// The test of orders that kernels before 4.4 had refuses.
    case historicOrderRule(passesAtMin: Bool)
    /// The state lies between the marks; the last look before a kill keeps the high one.
    case highMarkOfLastLook
    /// That many pages are taken to have been freed between the refusal and the report.
    case freedSince(pages: Int)
}
