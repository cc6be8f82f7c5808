import FailureAnalysis
import PageAllocator

extension ZoneVerdict {
    /// A few words for a table.
    public var verdict: String {
        switch outcome {
        case .look(.served): "serves"
        case .look(.belowMark): isKeptByReserve ? "kept in reserve" : "below mark"
        case .look(.noBlock): "no block of that order"
        case .look(.listsEmpty): "lists empty"
        case .notAllowedByMask: "not allowed"
        case .wrongNode: "wrong node"
        case .freedSince: "freed since"
        case .notReached: "not reached"
        case .notTold: "not stated"
        }
    }

    /// Whether the mark would let the request pass, and only the reserve for requests that cannot use a higher zone
    /// stops it.
    var isKeptByReserve: Bool {
        guard let free, let effectiveMark, let lowmemReserve else { return false }
        return lowmemReserve > 0 && free - unusable > effectiveMark
    }
}
