import SourceText
import Topology

extension ExportFormat {
    /// Our own form, which has everything.
    static let json = ExportFormat(
        name: "json", about: "our own description, or snapshot where a state is known",
        states: Set(MachineFact.allCases)
    ) { machine in
        let snapshot = machine.snapshot
        let isDescription = snapshot.zones.isEmpty && snapshot.zonelists.isEmpty
        let value = isDescription ? snapshot.topology.json : snapshot.json
        return Exported(content: .text(value.text() + "\n"), omitted: [])
    }

    /// The same for large states: see `Documentation/Formats/SnapshotFormat.md`.
    static let compact = ExportFormat(
        name: "nzs", about: "our own snapshot in its compact form, for large states",
        states: Set(MachineFact.allCases)
    ) {
        Exported(content: .bytes($0.snapshot.compact), omitted: [])
    }
}
