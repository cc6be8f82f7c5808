import SourceText
import Topology

extension ExportFormat {
    /// Our own form, which holds everything.
    static let json = ExportFormat(name: "json", about: "our own description, or snapshot where a state is known") {
        machine in
        let snapshot = machine.snapshot
        let isDescription = snapshot.zones.isEmpty && snapshot.zonelists.isEmpty
        let value = isDescription ? snapshot.topology.json : snapshot.json
        return Exported(content: .text(value.text() + "\n"), omitted: [])
    }
}
