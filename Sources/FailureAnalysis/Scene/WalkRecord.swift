import GFP
import PageAllocator
import Topology

/// What came of one request: the walk that decided, and where it was served.
public struct WalkRecord: Hashable, Sendable {
    /// Whether no page was had.
    public var isRefused: Bool
    /// Where it was served; nil if it was refused.
    public var zone: ZoneReference?
    /// What the last walk might do.
    public var flags: AllocFlags
    /// The zones compared with a watermark on the last walk, in order; none if no zone was allowed.
    public var looks: [ZoneLook]

    init(_ explanation: Explanation) {
        isRefused = explanation.frame == nil
        if case .served(let service) = explanation.outcome { zone = service.zone }
        let last = explanation.walks.last
        flags = last?.flags ?? .minMark
        looks = (last?.visits ?? []).compactMap { if case .look(let look) = $0 { look.judgement } else { nil } }
    }
}
