import BuddyEngine
import GFP
import PageAllocator
import SourceText
import Topology

extension Scenario {
    /// Reads a scenario, and reports everything that is wrong with it.
    ///
    /// - Parameters:
    ///   - document: The text.
    ///   - folder: The folder that file names in it are relative to; empty: the working directory.
    ///   - kernel: Replaces the machine's kernel.
    ///   - snapshot: The machine to begin with, instead of the scenario's own and its kernel.
    /// - Returns: The scenario, unless there is an error among `problems`.
    public static func check(
        _ document: JSONDocument, folder: String = "", kernel: KernelVersion? = nil, snapshot: Snapshot? = nil
    ) -> (scenario: Scenario?, problems: [SourceProblem]) {
        var reader = ScenarioReader(document, folder: folder, kernel: kernel)
        let scenario = reader.read(document.root, given: snapshot)
        return (scenario, reader.problems)
    }

    /// Reads a scenario from a file (`-`: standard input); file names in it are relative to its folder.
    ///
    /// - Throws: `SourceProblems` with all problems if one of them is an error, also if the file cannot be read.
    public static func load(
        _ path: String, kernel: KernelVersion? = nil, snapshot: Snapshot? = nil
    ) throws(SourceProblems) -> Scenario {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        let document: JSONDocument
        do throws(SourceError) {
            document = try JSONDocument.load(path)
        } catch {
            throw SourceProblems([SourceProblem(error)])
        }
        let (scenario, problems) = check(document, folder: folder, kernel: kernel, snapshot: snapshot)
        guard let scenario else { throw SourceProblems(problems) }
        return scenario
    }
}

/// Reads the JSON form of a scenario, and continues past whatever is wrong, so that all of it can be reported at once.
struct ScenarioReader {
    let document: JSONDocument
    let folder: String
    let kernel: KernelVersion?
    var shapes: JSONShapes
    /// Problems in files that the scenario refers to.
    private var others: [SourceProblem] = []
    /// Nil if unknown: nodes, CPUs and zones are then not checked.
    var topology: Topology? {
        didSet { references = topology.map { MachineReferences($0, zones: $0.zoneSpans().filter { $0.present > 0 }) } }
    }
    private var references: MachineReferences?
    var layout = GFPLayout.layout(for: .usual)
    /// The groups so far, which can be freed or checked.
    var groups: Set<String> = []
    var depth = 0

    init(_ document: JSONDocument, folder: String, kernel: KernelVersion?) {
        self.document = document
        self.folder = folder
        self.kernel = kernel
        shapes = JSONShapes(document)
    }

    static let keys = ["$schema", "name", "about", "topology", "state", "kernel", "seed", "limit", "steps"]

    /// The problems in order of the text, those of other files last.
    var problems: [SourceProblem] {
        let start = SourceLocation(line: 1, column: 1)
        return shapes.problems.sorted { ($0.location ?? start, $0.message) < ($1.location ?? start, $1.message) }
            + others
    }

    mutating func read(_ root: JSONValue, given snapshot: Snapshot?) -> Scenario? {
        guard let object = shapes.object(root, keys: Self.keys, what: "a scenario") else { return nil }
        let start = start(object, root, given: snapshot)
        topology = start?.topology
        if let topology { layout = GFPLayout.layout(for: topology.kernel) }
        // The reader of an inline topology reports these.
        if snapshot != nil || object["topology"]?.object == nil { shapes.reportDuplicates() }

        let name = object["name"].flatMap { shapes.string($0) } ?? ""
        let about = object["about"].flatMap { shapes.string($0) } ?? ""
        let seed = object["seed"].flatMap { number($0, 0...Int.max) } ?? 1
        let limit = object["limit"].flatMap { number($0, 1...Scenario.largestLimit) } ?? Scenario.defaultLimit
        var steps: [ScenarioStep] = []
        if let value = object["steps"] {
            steps = self.steps(value)
        } else {
            shapes.report(root, "\"steps\" is missing: give a list of steps, as in [{ alloc: \"GFP_KERNEL\" }]")
        }
        guard !problems.contains(where: { $0.severity == .error }), let start else { return nil }
        return Scenario(
            name: name, about: about, start: start, seed: UInt64(seed), limit: limit, steps: steps,
            source: document.source.name)
    }

    // MARK: - The machine

    private mutating func start(_ object: JSONObject, _ root: JSONValue, given: Snapshot?) -> MachineStart? {
        if var given {
            given.topology.go(by: kernel)
            // A description that was read as a snapshot without zones is a machine that has not booted yet.
            return given.zones.isEmpty && given.zonelists.isEmpty ? .topology(given.topology) : .snapshot(given)
        }
        let asked = kernel ?? object["kernel"].flatMap { version($0) }
        if let value = object["state"] {
            if object["topology"] != nil { shapes.report(value, "give either a \"topology\" or a \"state\"") }
            guard var snapshot = snapshot(value) else { return nil }
            snapshot.topology.kernel = asked ?? snapshot.topology.kernel
            snapshot.topology.go(by: kernel)
            return .snapshot(snapshot)
        }
        if let value = object["topology"] {
            guard var topology = value.string == nil ? Topology(value, &shapes) : file(value) else { return nil }
            topology.kernel = asked ?? topology.kernel
            topology.go(by: kernel)
            return .topology(topology)
        }
        shapes.report(root, "\"topology\" is missing: give a machine, or the name of a file that describes one")
        return nil
    }

    mutating func version(_ value: JSONValue) -> KernelVersion? {
        guard let text = value.string, let version = KernelVersion(text) else {
            shapes.report(value, "\(shapes.describe(value)) is not a kernel version: write \"6.1\" or \"6.12\"")
            return nil
        }
        return version
    }

    private mutating func load(_ value: JSONValue) -> SourceFile? {
        guard let name = shapes.string(value) else { return nil }
        do throws(SourceError) {
            return try SourceFile.load(name.hasPrefix("/") ? name : folder + name)
        } catch {
            shapes.report(value, error.description)
            return nil
        }
    }

    private mutating func file(_ value: JSONValue) -> Topology? {
        guard let source = load(value) else { return nil }
        let (topology, problems) = Topology.check(source)
        others += problems
        return topology
    }

    private mutating func snapshot(_ value: JSONValue) -> Snapshot? {
        let inner = value.object.map { _ in
            SourceFile(name: "the state in \(document.source.name)", text: value.text(pretty: false))
        }
        guard let source = inner ?? load(value) else { return nil }
        let (snapshot, problems) = Snapshot.check(source)
        others += problems
        return snapshot
    }

    // MARK: - Shapes

    mutating func number(_ value: JSONValue, _ range: ClosedRange<Int>) -> Int? { shapes.number(value, range) }

    mutating func node(_ value: JSONValue) -> NodeID? {
        guard let number = number(value, 0...NodeID.limit - 1) else { return nil }
        return node(number, value)
    }

    mutating func node(_ number: Int, _ value: JSONValue) -> NodeID? {
        let node = NodeID(number)
        return isKnown(value) { references throws(MachineReferences.Unknown) in try references.check(node) }
            ? node : nil
    }

    /// Whether the machine has what a value names; true if the machine is unknown.
    private mutating func isKnown(
        _ value: JSONValue, _ check: (MachineReferences) throws(MachineReferences.Unknown) -> Void
    ) -> Bool {
        guard let references else { return true }
        do { try check(references) } catch {
            shapes.report(value, error.description)
            return false
        }
        return true
    }

    mutating func cpu(_ value: JSONValue) -> CPUID? {
        guard let number = number(value, 0...CPUID.limit - 1) else { return nil }
        let cpu = CPUID(number)
        return isKnown(value) { references throws(MachineReferences.Unknown) in try references.check(cpu) } ? cpu : nil
    }

    /// Reads `"0-1,3"`, `[0, 1]` or a single number.
    mutating func nodes(_ value: JSONValue) -> [NodeID] {
        if let text = value.string {
            do throws(NumberList.Invalid) {
                return try NumberList.parse(text, below: NodeID.limit).compactMap { node($0, value) }
            } catch {
                shapes.report(value, error.description)
                return []
            }
        }
        return (value.array ?? [value]).compactMap { node($0) }
    }

    mutating func kind(_ value: JSONValue) -> ZoneKind? {
        guard let name = shapes.string(value) else { return nil }
        return kind(name, value)
    }

    private mutating func kind(_ name: String, _ value: JSONValue) -> ZoneKind? {
        if let kind = ZoneKind(kernelName: name) { return kind }
        let names = ZoneKind.allCases.map(\.kernelName)
        let suggestion = Spelling.suggestion(for: name, among: names)
        shapes.report(value, "\"\(name)\" is not a zone: use \(names.joined(separator: ", "))\(suggestion)")
        return nil
    }

    /// Reads `"1/Normal"`.
    mutating func zone(_ text: String, _ value: JSONValue) -> ZoneReference? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int(parts[0]), (0..<NodeID.limit).contains(number) else {
            shapes.report(value, "\"\(text)\" is not a zone of a node: write \"0/Normal\"")
            return nil
        }
        guard let node = node(number, value), let kind = kind(String(parts[1]), value) else { return nil }
        let zone = ZoneReference(node: node, kind: kind)
        return isKnown(value) { references throws(MachineReferences.Unknown) in try references.check(zone) }
            ? zone : nil
    }
}
