import PageAllocator
import Topology

/// Where a scene's requests are made: one machine for all states of the same memory.
///
/// An object, so that all that is tried on copies of a scene shares it.
final class TrialBench {
    private var trials = TrialMachine()

    /// One request takes a few blocks at most, and watermarks see the counters: more free blocks of an order and type
    /// change no answer, and only cost time to be put in place.
    private static let blocksEach = 8

    /// Makes a request on a machine. Nothing is reclaimed: the kernel had reclaimed what it could before it reported.
    ///
    /// - Throws: `MachineError` if the report's figures make no machine.
    func ask(_ request: AllocationRequest, on machine: ReportedMachine) throws(MachineError) -> WalkRecord {
        var few = machine.snapshot
        for index in few.zones.indices { few.zones[index].keepFewBlocks(Self.blocksEach) }
        return WalkRecord(try trials.explain(request, in: few, profile: machine.profile))
    }
}
