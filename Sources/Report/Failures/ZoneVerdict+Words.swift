import FailureAnalysis
import PageAllocator

extension ZoneVerdict {
    /// A few words for a table.
    public var verdict: String {
        switch outcome {
        case .look(.served): WalkFact.serves.label
        case .look(.belowMark): (isKeptByReserve ? WalkFact.keptInReserve : .belowMark).label
        case .look(.noBlock): WalkFact.noBlock(order: 0).label
        case .look(.listsEmpty): WalkFact.listsEmpty.label
        case .notAllowedByMask: WalkFact.notAllowed(by: .mask).label
        case .wrongNode: WalkFact.notAllowed(by: .nodeMask).label
        case .freedSince: "freed since"
        case .notReached: "not reached"
        case .notTold: "not stated"
        }
    }

    /// What the free pages are that do not count: "highatomic, CMA"; empty: all count.
    var asideLabels: String { WalkFact.asideLabels(highAtomic: highAtomic, cma: cma) }

    /// Whether the mark would let the request pass, and only the reserve for requests that cannot use a higher zone
    /// stops it.
    var isKeptByReserve: Bool {
        guard let free, let effectiveMark, let lowmemReserve else { return false }
        return lowmemReserve > 0 && free - unusable > effectiveMark
    }
}
