import PageAllocator
import Topology

/// A report's request as it was repeated, and the machine on which it was made.
public struct RetriedRequest: Hashable, Sendable {
    /// The machine.
    public let machine: ReportedMachine
    /// The request.
    public let request: AllocationRequest

    /// Restores the machine so that the request can be made on it.
    ///
    /// - Parameters:
    ///   - most: The largest number of free blocks to keep of each order and type; watermarks are compared with the
    ///     counters, which are unchanged. Nil: all.
    /// - Returns: The machine.
    /// - Throws: `MachineError` if the report's figures do not make a machine.
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
