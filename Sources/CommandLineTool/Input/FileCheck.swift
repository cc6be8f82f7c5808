import Foundation
import PageAllocator
import Report
import SourceText
import Topology

extension CheckReport.File {
    /// Reads a file and says everything that is wrong with it.
    init(checking path: String) {
        let name = path == "-" ? "standard input" : path
        do {
            var problems: [TopologyProblem] = []
            if !path.isDirectory {
                let file = try SourceFile.load(path)
                let sniffer = SourceSniffer(file)
                if try sniffer.kind() == .json {
                    let document = try JSONDocument(file)
                    if sniffer.isSchema(document) {
                        self.init(name: name, kind: "a JSON Schema", problems: [], summary: "no machine")
                        return
                    }
                    if !sniffer.isRecording(document) {
                        problems = Topology.check(document).problems
                        if problems.contains(where: { $0.severity == .error }) {
                            self.init(name: name, kind: "a topology", problems: problems)
                            return
                        }
                    }
                }
                let loaded = try sniffer.load()
                self.init(name: name, kind: loaded.kind, problems: problems, summary: try loaded.summary())
            } else {
                let loaded = try InputSource.path(path).load()
                let notes = loaded.snapshot.notes.map { TopologyProblem(.warning, at: [], source: name, $0) }
                self.init(name: name, kind: loaded.kind, problems: notes, summary: try loaded.summary())
            }
        } catch let errors as TopologyErrors {
            self.init(name: name, kind: "a topology", problems: errors.problems)
        } catch let error as SourceError {
            let problem = TopologyProblem(at: [], source: error.source, location: error.location, error.message)
            self.init(name: name, kind: "a file", problems: [problem])
        } catch {
            var message = "\(error)"
            if message.hasPrefix(name + ": ") { message.removeFirst(name.count + 2) }
            self.init(name: name, kind: "a file", problems: [TopologyProblem(at: [], source: name, message)])
        }
    }
}

extension LoadedMachine {
    /// "2 nodes, 64 CPUs, 128 GiB": the machine can be built.
    func summary() throws(ToolError) -> String {
        let machine = try machine()
        return MachineReport(machine).summary
    }
}

extension String {
    fileprivate var isDirectory: Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: self, isDirectory: &isDirectory) && isDirectory.boolValue
    }
}
