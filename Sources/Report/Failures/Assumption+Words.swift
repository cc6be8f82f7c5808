import FailureAnalysis

extension Assumption {
    /// What was assumed and why, as a sentence.
    var sentence: String {
        switch self {
        case .layout(let note): note
        case .order(let order): "The report does not say the order: \(order) is assumed."
        case .maskLayout(let source): "The report does not name its kernel: the mask is read as in \(source)."
        case .askedByReclaim(let mayUseReserves):
            "The call trace shows reclaim itself asking: it does not wait (PF_MEMALLOC)"
                + (mayUseReserves ? ", and may use all reserves." : "; __GFP_NOMEMALLOC keeps it from the reserves.")
        case .askedByVictim:
            "The process had been chosen by the OOM killer: it may use half of what is left."
        case .tiedToNodeThatRefuses(let node):
            "The log does not name the node that the request is tied to: node \(node), which refuses it, is assumed."
        case .tiedToScarcestNode(let node):
            "The log does not name the node that the request is tied to: node \(node), which has the least to spare, is "
                + "assumed."
        case .tiedToNodeWithoutMemory(let node):
            "Every node that the report lists would serve the request: a node without memory is assumed, here node "
                + "\(node)."
        case .unprintedReservation:
            "This kernel does not print how much is kept for atomic requests, though its letters show that something is: "
                + "the most that it may keep, a hundredth of the zone, is assumed."
        case .historicOrderRule(let passesAtMin):
            "Before 4.4 a request for a large block also needed free blocks of the orders below it, by a mark halved with "
                + "each order: that test refuses"
                + (passesAtMin ? " at the low mark, and lets it pass at the min mark by a hair." : ".")
        case .highMarkOfLastLook:
            "The state printed lies above the min mark; the last look before a kill keeps the high mark, and refuses."
        case .freedSince(let pages):
            "The state printed would serve the request. The report is printed after the refusal: \(pages) pages, little "
                + "beside the zones, are assumed to have been freed in between."
        }
    }
}
