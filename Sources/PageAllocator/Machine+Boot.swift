import BuddyEngine
import GFP
import Topology

extension Machine {
    /// Boots a machine: zones cut from addresses, everything that is not reserved free, sizes worked out from sysctls.
    ///
    /// - Parameter profile: The rules; nil: those nearest to the topology's kernel.
    /// - Throws: ``MachineError`` if the topology describes no machine; `Topology.validate()` says more.
    public init(_ topology: Topology, profile: KernelProfile? = nil) throws(MachineError) {
        let spans = topology.zoneSpans().filter { $0.present > 0 }
        try self.init(
            topology: topology, profile: profile ?? KernelProfile(nearest: topology.kernel), spans: spans,
            segments: spans.map(\.managedRanges), zonelists: [:])
        for (position, span) in spans.enumerated() {
            for range in span.managedRanges { zones[position].buddy.addFreeRange(range) }
            zones[position].buddy.settleCounters()
        }
        groupByMobility()
        resize()
    }
}
