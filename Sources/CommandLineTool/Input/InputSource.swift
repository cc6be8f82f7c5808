import FailureAnalysis
import Foundation
import KernelLog
import KernelText
import LibNUMA
import MachineSources
import Recordings
import Scenarios
import SourceText
import Topology

/// What a user named as the machine.
enum InputSource {
    case host
    case tree(String)
    /// A file whose kind is found out by looking at it, a directory, or `-`.
    ///
    /// `nth` says which of a log's reports is the machine.
    case path(String, nth: Int? = nil)

    func load() throws -> LoadedMachine {
        switch self {
        case .host:
            return LoadedMachine("this machine", "the running machine", try HostReader(library: LibNUMA()).snapshot())
        case .tree(let path):
            return LoadedMachine(path, "a saved /proc and /sys", try HostReader(root: path).snapshot())
        case .path(let path, let nth):
            if path != "-", Self.isDirectory(path) { return try InputSource.tree(path).load() }
            return try SourceSniffer(SourceFile.load(path), nth: nth).load()
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
    /// Which of a log's reports is the machine; nil: the first, or the boot if the log has one.
    let nth: Int?

    init(_ file: SourceFile, nth: Int? = nil) {
        self.file = file
        self.nth = nth
    }

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
            // `dmesg --json`, `journalctl -o json` and containers' logs are logs.
            let isLog = start.hasPrefix("[") && !start.hasPrefix("[{") && start.dropFirst().first != "\n"
            let marks = ["\"__CURSOR\"", "\"MESSAGE\"", "\"stream\":\"std"]
            return isLog || marks.contains(where: start.contains) ? .log : .json
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
        let kind = try kind()
        guard nth == nil || kind == .log else {
            throw ToolError("\(file.name): --nth goes with a kernel log, which this is not")
        }
        switch kind {
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
            guard let scenario else { throw SourceProblems(problems) }
            switch scenario.start {
            case .snapshot(let snapshot): return LoadedMachine(file.name, "a scenario", snapshot)
            case .topology(let topology):
                return LoadedMachine(file.name, "a scenario", Snapshot(topology: topology, zones: []))
            }
        case .schema:
            throw ToolError("\(file.name): is a JSON Schema, which describes descriptions and no machine")
        }
    }

    /// A boot log tells of addresses and distances, and is preferred; a report of how much of what is free.
    private func loadLog() throws -> LoadedMachine {
        let reports = LogScanner.reports(in: file.bytes)
        let boot = BootLog(file.bytes)
        let hasBoot = boot.nodes.contains { boot.bytes(of: $0) > 0 }
        guard hasBoot || !reports.isEmpty else {
            throw ToolError(
                "\(file.name): is neither JSON nor a kernel log that tells of a machine: there is no line of a boot that "
                    + "tells of a node's memory (\"Early memory node ranges\"), and no report of failed memory "
                    + "(\"Mem-Info:\")")
        }
        guard nth != nil || !hasBoot else {
            let (topology, assumptions) = boot.topology()
            var notes = assumptions + (boot.fallbackOrder.isEmpty ? [] : [BootOrderCheck(boot).sentence])
            if !reports.isEmpty {
                notes.append(
                    "The log also has \(reports.count == 1 ? "a report" : "\(reports.count) reports") of failed memory: "
                        + "--nth 1 shows the machine as it was then.")
            }
            return LoadedMachine(file.name, "a boot log", Snapshot(topology: topology, zones: [], notes: notes))
        }
        let number = nth ?? 1
        guard reports.indices.contains(number - 1) else { throw ToolError(noReport: number, of: reports.count) }
        guard let machine = ReportedMachine(reports[number - 1]) else {
            throw ToolError(
                "\(file.name): report \(number) of \(reports.count), at line \(reports[number - 1].line), lists no zones "
                    + "of which a machine could be made")
        }
        var snapshot = machine.snapshot
        snapshot.notes = machine.assumptions
        let place = "report \(number) of \(reports.count), line \(reports[number - 1].line)"
        snapshot.topology.name = "\(file.name), \(place)"
        return LoadedMachine("\(file.name), \(place)", "a kernel log", snapshot)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
