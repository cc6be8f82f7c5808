import BuddyEngine
import GFP
import Topology

/// What a machine does in place of its profile's rules, where a number or a word is not enough to say it.
///
/// Each question includes the profile's answer, which is also the default. `FallbackPolicy` adds questions about
/// falling back to other types. A machine without a policy pays nothing; one with a policy pays for each question, and
/// its requests do not take the fast path.
///
/// `Documentation/Kernels/PolicyLab.md` has worked examples, with their results on real traces.
public protocol AllocatorPolicy: FallbackPolicy {
    /// The zones that a request from a node walks, in order. Called when the machine is built.
    ///
    /// - Parameters:
    ///   - node: The node.
    ///   - usual: By distance and zone (`build_zonelists`). Zones that are omitted serve no request from this node;
    ///     zones not in this list are ignored.
    func zonelist(of node: NodeID, usual: [ZoneReference]) -> [ZoneReference]

    /// The watermark that applies to a request in a zone, in pages, before its right to use part of the reserve is
    /// considered (`zone_watermark_fast`). Not called for requests that may ignore watermarks.
    ///
    /// - Parameters:
    ///   - look: The zone and the request.
    ///   - usual: The watermark with its boost.
    func watermark(for look: PolicyLook, usual: Int) -> Int

    /// How many blocks a CPU's empty list is refilled with (`rmqueue_bulk`): 1 to 4096.
    ///
    /// - Parameters:
    ///   - zone: The zone that they come from.
    ///   - order: The order of the blocks.
    ///   - usual: The profile's number.
    func refill(from zone: ZoneReference, order: Order, usual: Int) -> Int

    /// How many pages are returned to the zone when a CPU's lists hold too many (`free_pcppages_bulk`): 1 to all.
    ///
    /// - Parameters:
    ///   - zone: The zone that they go to.
    ///   - held: How many pages are on the lists.
    ///   - usual: The profile's number.
    func giveBack(to zone: ZoneReference, held: Int, usual: Int) -> Int

    /// Whether the pageblock that served a high-order request that cannot sleep is reserved for such requests
    /// (`reserve_highatomic_pageblock`). Called only where the profile would reserve it.
    func reservesPageblock(in zone: ZoneReference, order: Order) -> Bool

    /// Called when nothing is left to try for a request. It may change the machine: free memory, boost watermarks.
    func beforeRefusal(of request: AllocationRequest, in machine: inout Machine) -> RefusalAnswer
}

extension AllocatorPolicy {
    public func zonelist(of node: NodeID, usual: [ZoneReference]) -> [ZoneReference] { usual }
    public func watermark(for look: PolicyLook, usual: Int) -> Int { usual }
    public func refill(from zone: ZoneReference, order: Order, usual: Int) -> Int { usual }
    public func giveBack(to zone: ZoneReference, held: Int, usual: Int) -> Int { usual }
    public func reservesPageblock(in zone: ZoneReference, order: Order) -> Bool { true }
    public func beforeRefusal(of request: AllocationRequest, in machine: inout Machine) -> RefusalAnswer { .refuse }
}

/// A zone that a request looks at.
public struct PolicyLook: Hashable, Sendable {
    /// The zone.
    public var zone: ZoneReference
    /// The request's mask.
    public var gfp: GFPFlags
    /// The request's order.
    public var order: Order
    /// The rights of this walk, and the watermark that it tests.
    public var flags: AllocFlags
    /// The zone's free-page counter.
    public var free: Int
}

/// What happens to a request that would be refused.
public enum RefusalAnswer: Hashable, Sendable {
    case refuse
    /// It goes through the slow path again, at most ``Machine/mostPolicyRetries`` times.
    case tryAgain
}
