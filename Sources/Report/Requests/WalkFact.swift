import PageAllocator
import Topology

/// What is true of a request, or of a zone that it tried, in the words that every answer has for it: `alloc --explain`,
/// `explain`, forecasts, tables, pictures and pages.
///
/// Each sentence about the allocator's own decisions stands here and nowhere else, so that two answers about one situation
/// cannot differ.
enum WalkFact {
    /// What keeps a request away from zones or nodes.
    enum Limit: String, CaseIterable {
        /// The zone bits of the GFP mask.
        case mask = "its mask"
        case nodeMask = "its node mask"
        case memoryPolicy = "its memory policy"
        case cpuset = "its cpuset"
        case thisNode = "__GFP_THISNODE"

        /// What is kept from the request.
        var place: String { self == .mask ? "zone" : "node" }
    }

    // MARK: Of a zone

    case serves
    /// Not more than the mark would be left.
    case belowMark
    /// More than the mark would be left, but not more than mark and lowmem reserve.
    case keptInReserve
    /// Pages enough, but no block; the order that is asked for.
    case noBlock(order: Int)
    /// Above the mark, but the lists that the request may use are empty.
    case listsEmpty
    /// Nothing may be taken from there.
    case notAllowed(by: Limit)
    case kswapdAwake

    // MARK: Of free pages

    /// Free, but reserved for atomic requests of high orders.
    case keptForHighAtomic
    /// Free, but in a contiguous memory area.
    case ofCMA
    /// A part of the marks: fragmentation has raised them.
    case boosted

    // MARK: Of a request that is refused

    case noMoreLeft
    case noZoneLeft
    case orderTooLarge(Int, maximum: Int)
    case contradictoryMask

    /// A few words, for tables and pictures.
    var label: String {
        switch self {
        case .serves: "serves"
        case .belowMark: "below mark"
        case .keptInReserve: "kept in reserve"
        case .noBlock: "no block of that order"
        case .listsEmpty: "lists empty"
        case .notAllowed(let limit): "\(limit.place) not allowed"
        case .kswapdAwake: "kswapd at work"
        case .keptForHighAtomic: "highatomic"
        case .ofCMA: "CMA"
        case .boosted: "boost"
        case .noMoreLeft: "no more is left"
        case .noZoneLeft: "no zone is left"
        case .orderTooLarge: "order too large"
        case .contradictoryMask: "contradictory mask"
        }
    }

    /// A part of a sentence.
    var clause: String {
        switch self {
        case .serves: "serves it"
        case .belowMark: "no more is free than its mark keeps"
        case .keptInReserve: "kept from requests that could also use a higher zone (lowmem_reserve)"
        case .noBlock(let order): "in pieces: it may use no block of order \(order) or larger"
        case .listsEmpty: "the lists that it may use are empty"
        case .notAllowed(let limit): "that \(limit.rawValue) does not allow"
        case .kswapdAwake: "kswapd is at work on the node already"
        case .keptForHighAtomic: "kept for atomic requests of high orders (highatomic)"
        case .ofCMA: "in CMA, which only movable requests may use"
        case .boosted: "boost: raised for a while, as fragmentation was met"
        case .noMoreLeft: "no more is left than must stay free"
        case .noZoneLeft: "no zone is left that it may use"
        case .orderTooLarge(let order, let maximum):
            "order \(order) is above the largest that the allocator has (\(maximum))"
        case .contradictoryMask: "the bits of its mask contradict each other"
        }
    }

    /// Which kinds of free pages do not count, by how many there are: "highatomic, CMA"; empty: all count.
    static func asideLabels(highAtomic: Int, cma: Int) -> String {
        [(highAtomic, WalkFact.keptForHighAtomic), (cma, .ofCMA)].filter { $0.0 > 0 }.map(\.1.label)
            .joined(separator: ", ")
    }
}

extension ZoneLook {
    /// What a walk found of the zone.
    func fact(order: Int) -> WalkFact {
        switch verdict {
        case .served: .serves
        case .belowMark: lacksOnlyReserve ? .keptInReserve : .belowMark
        case .noBlock: .noBlock(order: order)
        case .listsEmpty: .listsEmpty
        }
    }

    /// What the pages are that do not count: "highatomic, CMA"; empty: all count.
    var asideLabels: String { WalkFact.asideLabels(highAtomic: unusableHighAtomic, cma: unusableCMA) }

    /// The order of the block that was asked for.
    var order: Int { blockPages.trailingZeroBitCount }
}

extension PassOverReason {
    /// Why a walk did not look at zones, after "passed over, ".
    ///
    /// - Parameters:
    ///   - isPolicy: Whether the node mask is that of the task's memory policy.
    func words(isPolicy: Bool) -> String {
        switch self {
        case .aboveHighestZone: Self.words(.mask)
        case .nodeNotInMask: Self.words(isPolicy ? .memoryPolicy : .nodeMask)
        case .nodeNotInCpuset: Self.words(.cpuset)
        case .kswapdAwake: "as " + WalkFact.kswapdAwake.clause
        }
    }

    private static func words(_ limit: WalkFact.Limit) -> String {
        "a \(limit.place) \(WalkFact.notAllowed(by: limit).clause)"
    }
}

extension Explanation {
    /// Whether the nodes that the request may use are those of its task's memory policy.
    var isBoundByPolicy: Bool {
        switch placement?.policy {
        case .bind: true
        case .default, .local, .preferred, .preferredMany, .interleave, .weightedInterleave, nil: false
        }
    }

    /// Why the request was refused, as a part of a sentence; empty: it was served.
    var refusalClause: String {
        guard let refusal else { return "" }
        if case .noBlock = refusal { return "what is free is \(refusal.clause)" }
        return refusal.clause
    }

    /// Why the request was refused; nil: it was served.
    var refusal: WalkFact? {
        guard case .refused(let why) = outcome else { return nil }
        switch why {
        case .orderTooLarge(let maximum):
            return .orderTooLarge(Int(request.order.rawValue), maximum: Int(maximum.rawValue))
        case .contradictoryMask: return .contradictoryMask
        case .noZoneAllowed: return .noZoneLeft
        case .belowMarks: return .noMoreLeft
        case .fragmented: return .noBlock(order: Int(request.order.rawValue))
        }
    }
}
