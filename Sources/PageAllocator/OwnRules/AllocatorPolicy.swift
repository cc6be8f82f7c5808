import BuddyEngine
import GFP
import Topology

/// Rules of one's own: what a machine does in place of its profile's rules, where a number or a word cannot say it.
///
/// Each question comes with the profile's answer and, unless you write another, is answered with it. What to fall back on
/// when a type has run out is asked too (`FallbackPolicy`). A machine without a policy pays nothing; one with a policy
/// pays for each question, and for the quick way that its requests no longer take.
///
/// `Documentation/Kernels/PolicyLab.md` has worked examples, with what came of them on real traces.
public protocol AllocatorPolicy: FallbackPolicy {
    /// The zones that a request from a node walks, in order. Asked when the machine is built.
    ///
    /// - Parameters:
    ///   - node: Whose list it is.
    ///   - usual: By distance and zone (`build_zonelists`). Zones left out serve nobody from this node; others than these
    ///     are passed over.
    func zonelist(of node: NodeID, usual: [ZoneReference]) -> [ZoneReference]

    /// The watermark that applies to a request in a zone, in pages, before its rights to go below it count
    /// (`zone_watermark_fast`). Not asked of requests that may ignore watermarks.
    ///
    /// - Parameters:
    ///   - look: Where, and for which request.
    ///   - usual: With the boost.
    func watermark(for look: PolicyLook, usual: Int) -> Int

    /// How many blocks a CPU's list gets when it is empty (`rmqueue_bulk`): 1 to 4096.
    ///
    /// - Parameters:
    ///   - zone: Where they come from.
    ///   - order: Of each.
    ///   - usual: As the profile sizes it.
    func refill(from zone: ZoneReference, order: Order, usual: Int) -> Int

    /// How many pages a CPU's lists give back once they hold too many (`free_pcppages_bulk`): 1 to all.
    ///
    /// - Parameters:
    ///   - zone: Where they go.
    ///   - held: What is on the lists.
    ///   - usual: As the profile sizes it.
    func giveBack(to zone: ZoneReference, held: Int, usual: Int) -> Int

    /// Whether the pageblock of a block that a high-order request got which cannot sleep is kept for such requests
    /// (`reserve_highatomic_pageblock`). Asked only where the profile would.
    func reservesPageblock(in zone: ZoneReference, order: Order) -> Bool

    /// Nothing is left to try for a request. Here the machine can be changed: memory freed, marks boosted.
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
    public var zone: ZoneReference
    public var gfp: GFPFlags
    public var order: Order
    /// The rights of this walk, and the level that it asks for.
    public var flags: AllocFlags
    /// The zone's free-page counter.
    public var free: Int
}

/// What becomes of a request that would be refused.
public enum RefusalAnswer: Hashable, Sendable {
    case refuse
    /// It goes through the slow path once more, ``Machine/mostPolicyRetries`` times at most.
    case tryAgain
}
