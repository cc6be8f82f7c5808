import PageAllocator
import Topology

/// The place where a scene's requests are made: one machine for all states of the same memory.
///
/// It is an object, so that all copies of a scene share it.
final class TrialBench {
    private var trials = TrialMachine()

    /// Free blocks to keep of each order and type. A request takes a few blocks at most, and watermarks are compared
    /// with the counters: more blocks change no answer and only cost time to set up.
    private static let blocksEach = 8

    /// Makes a request on a machine. Nothing is reclaimed: the kernel had reclaimed what it could before it printed the
    /// report.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - machine: The machine's state.
    /// - Returns: The outcome.
    /// - Throws: `MachineError` if the report's figures do not make a machine.
    func ask(_ request: AllocationRequest, on machine: ReportedMachine) throws(MachineError) -> WalkRecord {
        var few = machine.snapshot
        for index in few.zones.indices { few.zones[index].keepFewBlocks(Self.blocksEach) }
        return WalkRecord(try trials.explain(request, in: few, profile: machine.profile))
    }
}
