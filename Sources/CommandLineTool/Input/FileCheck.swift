import Foundation
import PageAllocator
import Report
import Scenarios
import SourceText
import Topology

extension CheckReport.File {
    /// Reads a file and says everything that is wrong with it.
    init(checking path: String) {
        let name = path == "-" ? "standard input" : path
        do {
            if path != "-", InputSource.isDirectory(path) {
                let loaded = try InputSource.tree(path).load()
                let notes = loaded.snapshot.notes.map { SourceProblem(.warning, at: [], source: name, $0) }
                self.init(name: name, kind: loaded.kind, problems: notes, summary: try loaded.summary())
                return
            }
            let file = try SourceFile.load(path)
            let sniffer = SourceSniffer(file)
            let found = try sniffer.kind() == .json ? Self.found(try JSONDocument(file), sniffer) : nil
            if let found, found.hasErrors || found.kind == "a JSON Schema" {
                self = found
                return
            }
            let loaded = try sniffer.load()
            var problems = found?.problems ?? []
            if found?.kind == "a snapshot", let contradiction = try loaded.contradiction() {
                problems.append(SourceProblem(at: ["zones"], source: name, contradiction))
            }
            self.init(name: name, kind: loaded.kind, problems: problems, summary: try loaded.summary())
        } catch let error as SourceError {
            self.init(name: name, kind: "a file", problems: [SourceProblem(error)])
        } catch let problem as SourceProblem {
            self.init(name: name, kind: "a recording", problems: [problem])
        } catch {
            var message = "\(error)"
            if message.hasPrefix(name + ": ") { message.removeFirst(name.count + 2) }
            self.init(name: name, kind: "a file", problems: [SourceProblem(at: [], source: name, message)])
        }
    }

    /// The problems of a JSON text, all of them.
    private static func found(_ document: JSONDocument, _ sniffer: SourceSniffer) -> Self {
        let name = document.source.name
        switch SourceSniffer.description(document) {
        case .topology: return Self(name: name, kind: "a topology", problems: Topology.check(document).problems)
        case .snapshot: return Self(name: name, kind: "a snapshot", problems: Snapshot.check(document).problems)
        case .scenario:
            return Self(
                name: name, kind: "a scenario",
                problems: Scenario.check(document, folder: sniffer.folder).problems)
        case .recording: return Self(name: name, kind: "a recording", problems: [])
        case .schema: return Self(name: name, kind: "a JSON Schema", problems: [], summary: "no machine")
        }
    }
}

extension LoadedMachine {
    /// "2 nodes, 64 CPUs, 128 GiB": the machine can be built.
    func summary() throws(ToolError) -> String {
        let machine = try machine()
        return MachineReport(machine).summary
    }

    /// What in a state that can be built no allocator would have come to: counts that are not the lists', free blocks
    /// that should have merged, more free pages than there are.
    func contradiction() throws(ToolError) -> String? {
        let machine = try machine()
        do {
            try machine.checkInvariants()
            return nil
        } catch {
            return error.description
        }
    }
}
