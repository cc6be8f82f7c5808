import GFP
import PageAllocator
import Report
import Topology

/// A machine that was read, and what it was read from.
struct LoadedMachine {
    var name: String
    /// "a topology", "a recording", ...
    var kind: String
    /// Without zones, a machine that has just booted.
    var snapshot: Snapshot

    init(_ name: String, _ kind: String, _ snapshot: Snapshot) {
        self.name = name
        self.kind = kind
        self.snapshot = snapshot
        if self.snapshot.topology.name.isEmpty { self.snapshot.topology.name = name }
    }

    func machine() throws(ToolError) -> Machine {
        do throws(MachineError) {
            return snapshot.zones.isEmpty ? try Machine(snapshot.topology) : try Machine.restoring(snapshot)
        } catch {
            throw ToolError("\(name): \(error)")
        }
    }
}
