import FailureAnalysis
import PageAllocator

extension ZoneVerdict {
    /// A few words for a table.
    public var verdict: String {
        switch outcome {
        case .look(.served): "serves"
        case .look(.belowMark): "below mark"
        case .look(.noBlock): "no block of that order"
        case .look(.listsEmpty): "lists empty"
        case .notAllowedByMask: "not allowed"
        case .wrongNode: "wrong node"
        case .notReached: "not reached"
        }
    }
}
