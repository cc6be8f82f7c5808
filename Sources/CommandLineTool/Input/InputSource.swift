import Foundation
import HostTopology
import KernelText
import Simulation
import SourceText
import Topology

/// What a user named as the machine.
enum InputSource {
    case host
    case tree(String)
    /// A file whose kind is found out by looking at it, a directory, or `-`.
    case path(String)

    func load() throws -> LoadedMachine {
        switch self {
        case .host: return LoadedMachine("this machine", "the running machine", try HostReader.live.snapshot())
        case .tree(let path):
            return LoadedMachine(path, "a saved /proc and /sys", try HostReader(root: path).snapshot())
        case .path(let path):
            if path != "-", Self.isDirectory(path) { return try InputSource.tree(path).load() }
            return try SourceSniffer(SourceFile.load(path)).load()
        }
    }

    static func isDirectory(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }
}

/// Finds out what a file is by its content.
struct SourceSniffer {
    let file: SourceFile

    init(_ file: SourceFile) { self.file = file }

    enum Kind: Hashable {
        case json, numactl, log
        /// A text of procfs that needs its neighbours.
        case procText(String)
    }

    func kind() throws(ToolError) -> Kind {
        let head = file.bytes.prefix(1 << 16)
        guard head.contains(where: { !Self.isBlank($0) }) else {
            throw ToolError("\(file.name): is empty; a machine is a JSON text, a kernel log or numactl -H's output")
        }
        if file.bytes.prefix(4096).contains(0) {
            throw ToolError(
                "\(file.name): is binary data; a machine is a JSON text, a kernel log or numactl -H's output")
        }
        let text = String(decoding: head, as: UTF8.self)
        let start = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        if ["{", "[", "//", "/*"].contains(where: start.hasPrefix) {
            // `dmesg --json` and `journalctl -o json` are logs.
            let isLog = start.hasPrefix("[") && !start.hasPrefix("[{") && start.dropFirst().first != "\n"
            return isLog || start.contains("\"__CURSOR\"") || start.contains("\"MESSAGE\"") ? .log : .json
        }
        if start.hasPrefix("available:") || text.contains("\nnode distances:") { return .numactl }
        if start.hasPrefix("Node 0, zone") {
            return .procText(text.contains("pages free") ? "/proc/zoneinfo" : "/proc/buddyinfo")
        }
        if start.hasPrefix("Page block order:") { return .procText("/proc/pagetypeinfo") }
        if start.hasPrefix("MemTotal:") { return .procText("/proc/meminfo") }
        return .log
    }

    func load() throws -> LoadedMachine {
        switch try kind() {
        case .json: return try loadJSON()
        case .numactl:
            let text = try NUMACtlText(parsing: file.bytes, name: file.name)
            return LoadedMachine(file.name, "the output of numactl -H", try Snapshot(numactl: text, name: file.name))
        case .log: return try loadLog()
        case .procText(let name):
            throw ToolError(
                "\(file.name): is \(name) alone; name the directory that has it and its neighbours instead")
        }
    }

    /// What a JSON text describes.
    enum Description {
        case topology, snapshot, scenario, recording, schema
    }

    static func description(_ document: JSONDocument) -> Description {
        if Recording.isRecording(document) { return .recording }
        if Snapshot.isDescribed(by: document) { return .snapshot }
        if document.root["$schema"]?.string?.contains("json-schema.org") == true { return .schema }
        return document.root["steps"] == nil ? .topology : .scenario
    }

    /// Where files lie that the text names.
    var folder: String { file.name.lastIndex(of: "/").map { String(file.name[...$0]) } ?? "" }

    private func loadJSON() throws -> LoadedMachine {
        let document = try JSONDocument(file)
        switch Self.description(document) {
        case .recording: return LoadedMachine(file.name, "a recording", try Recording(document).before)
        case .snapshot: return LoadedMachine(file.name, "a snapshot", try Snapshot(json: document))
        case .topology:
            return LoadedMachine(file.name, "a topology", Snapshot(topology: try Topology(json: document), zones: []))
        case .scenario:
            let (scenario, problems) = Scenario.check(document, folder: folder)
            guard let scenario else { throw ScenarioErrors(problems) }
            switch scenario.start {
            case .snapshot(let snapshot): return LoadedMachine(file.name, "a scenario", snapshot)
            case .topology(let topology):
                return LoadedMachine(file.name, "a scenario", Snapshot(topology: topology, zones: []))
            }
        case .schema:
            throw ToolError("\(file.name): is a JSON Schema, which describes descriptions and no machine")
        }
    }

    private func loadLog() throws -> LoadedMachine {
        let log = BootLog(file.bytes)
        guard log.nodes.contains(where: { log.bytes(of: $0) > 0 }) else {
            throw ToolError(
                "\(file.name): is neither JSON nor a kernel's boot log: there is no line that tells of a node's memory "
                    + "(\"Early memory node ranges\"); give the log from its first line on")
        }
        let (topology, assumptions) = log.topology()
        let notes = assumptions + (log.fallbackOrder.isEmpty ? [] : [BootOrderCheck(log).sentence])
        return LoadedMachine(file.name, "a boot log", Snapshot(topology: topology, zones: [], notes: notes))
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
