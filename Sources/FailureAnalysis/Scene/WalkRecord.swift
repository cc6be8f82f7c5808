import GFP
import PageAllocator
import Topology

/// The outcome of one request: the deciding walk over the zones, and the zone that served it.
public struct WalkRecord: Hashable, Sendable {
    /// Whether the request was refused.
    public var isRefused: Bool
    /// The zone that served it; nil if it was refused.
    public var zone: ZoneReference?
    /// The flags of the last walk.
    public var flags: AllocFlags
    /// The zones compared with a watermark on the last walk, in order; empty if no zone was allowed.
    public var looks: [ZoneLook]

    init(_ explanation: Explanation) {
        isRefused = explanation.frame == nil
        if case .served(let service) = explanation.outcome { zone = service.zone }
        let last = explanation.walks.last
        flags = last?.flags ?? .minMark
        looks = (last?.visits ?? []).compactMap { if case .look(let look) = $0 { look.judgement } else { nil } }
    }
}
