import PageAllocator
import Topology

/// A report's request as it was made again, and the machine that it was made on.
public struct RetriedRequest: Hashable, Sendable {
    public let machine: ReportedMachine
    public let request: AllocationRequest

    /// The machine, ready to be asked.
    ///
    /// - Parameter most: The most free blocks that it is to have of each order and type; watermarks see the counters,
    ///   which stay as they are. Nil: all.
    /// - Throws: `MachineError` if the report's figures make no machine.
    public func restored(blocks most: Int? = nil) throws(MachineError) -> Machine {
        var snapshot = machine.snapshot
        if let most {
            for zone in snapshot.zones.indices { snapshot.zones[zone].keepFewBlocks(most) }
        }
        return try Machine.restoring(snapshot, profile: machine.profile)
    }
}

extension FailureScene {
    var retrial: RetriedRequest {
        isRefusedAtHighMark
            ? RetriedRequest(machine: Self.lastLook(machine), request: plain(asked))
            : RetriedRequest(machine: machine, request: asked)
    }
}
