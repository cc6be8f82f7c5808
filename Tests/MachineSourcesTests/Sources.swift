import Foundation
@testable import MachineSources
import SourceText
import Topology

/// Machines from texts in memory, by the way that a file takes.
enum Sources {
    static func load(
        _ text: String, options: SourceOptions = SourceOptions()
    ) throws -> SourcedMachine {
        let tree = try SavedTree(["source": text])
        return try MachineSource.path(tree.root + "/source").load(options)
    }

    /// What is said where a text is not a source, without its path.
    static func refusal(_ bytes: [UInt8]) throws -> String {
        let tree = try SavedTree()
        let path = tree.root + "/source"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        do {
            _ = try MachineSource.path(path).load()
            return "taken"
        } catch {
            return "\(error)".replacingOccurrences(of: path, with: "FILE")
        }
    }
}

extension SourcedMachine {
    func zone(_ node: Int, _ kind: String) -> ZoneSpan? {
        let spans = snapshot.zones.isEmpty ? snapshot.topology.zoneSpans() : snapshot.zones.map(\.span)
        return spans.first { $0.node == NodeID(node) && $0.kind.kernelName == kind && $0.present > 0 }
    }

    func says(_ kind: SourceNote.Kind, _ words: String) -> Bool {
        notes.contains { $0.kind == kind && $0.text.contains(words) }
    }

    func order(of node: Int) throws -> [NodeID] {
        var nodes: [NodeID] = []
        for zone in try machine().zonelist(of: NodeID(node)) where nodes.last != zone.node { nodes.append(zone.node) }
        return nodes
    }
}
