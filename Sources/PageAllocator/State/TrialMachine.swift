import BuddyEngine
import GFP
import Topology

/// A machine on which requests are tried, each in a state of its own: one trial has no effect on the next.
///
/// A trial takes as long as restoring its state, not as long as building a machine: that happens once for all states of
/// the same memory under the same rules.
///
/// ```swift
/// var trials = TrialMachine()
/// let now = try trials.explain(request, in: state, profile: profile)
/// state.zones[0].watermarks?.boost = 0
/// let unboosted = try trials.explain(request, in: state, profile: profile)
/// ```
public struct TrialMachine: ~Copyable {
    private var built: Built?

    /// A machine, and what it was built from.
    private struct Built: ~Copyable {
        var machine: Machine
        let topology: Topology
        let zonelists: [NodeID: [ZoneReference]]
        let spans: [ZoneSpan]
        let profile: KernelProfile

        init(_ state: Snapshot, _ profile: KernelProfile) throws(MachineError) {
            machine = try Machine.restoring(state, profile: profile)
            topology = state.topology
            zonelists = state.zonelists
            spans = state.presentZones.map(\.span)
            self.profile = profile
        }

        /// Whether the machine can be put into a state. A state without zones has just booted, and is built anew.
        func fits(_ state: Snapshot, _ profile: KernelProfile) -> Bool {
            guard !state.zones.isEmpty, state.presentZones.map(\.span) == spans else { return false }
            guard state.topology == topology, state.zonelists == zonelists else { return false }
            return profile == self.profile
        }
    }

    /// A machine is built when there is something to try.
    public init() {}

    /// Makes a request on a machine in the given state, and tells what happened.
    ///
    /// - Throws: ``MachineError`` if no machine can be in that state.
    public mutating func explain(
        _ request: AllocationRequest, in state: Snapshot, profile: KernelProfile
    ) throws(MachineError) -> Explanation {
        var current = try machine(in: state, profile)
        let explanation = current.machine.explain(request)
        built = consume current
        return explanation
    }

    /// The last machine put into a state, or a new one; ``built`` is empty meanwhile, and stays empty if the state is
    /// impossible.
    private mutating func machine(in state: Snapshot, _ profile: KernelProfile) throws(MachineError) -> Built {
        if var last = built.take() {
            if last.fits(state, profile) {
                try last.machine.reset(to: state)
                return last
            }
        }
        return try Built(state, profile)
    }
}
