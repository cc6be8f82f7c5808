import BuddyEngine
import GFP
import SourceText

/// Reads the JSON form of a topology, and goes on past whatever is wrong, so that all of it can be told at once.
package struct TopologyReader {
    private let document: JSONDocument
    package private(set) var problems: [TopologyProblem] = []
    var skipped: Set<Topology.Check> = []

    package init(_ document: JSONDocument) { self.document = document }

    /// Reads the topology that `root` describes; nil if there are errors.
    package mutating func read(_ root: JSONValue) -> Topology? {
        reportDuplicates()
        guard let object = object(root, keys: Self.keys, what: "a topology") else { return nil }

        var topology = Topology(nodes: [])
        topology.name = object["name"].flatMap { string($0) } ?? ""
        topology.about = object["about"].flatMap { string($0) } ?? ""
        topology.architecture = object["architecture"].flatMap { architecture($0) } ?? .amd64
        topology.kernel = object["kernel"].flatMap { kernel($0) } ?? topology.kernel
        topology.pageSize = object["pageSize"].flatMap { size($0) }.map { Int(clamping: $0) } ?? 4096
        readBlockSizes(object, into: &topology)
        topology.isCMAConfigured = object["cmaConfigured"].flatMap { flag($0) } ?? false
        topology.zoneLimits = object["zoneLimits"].flatMap { zoneLimits($0) }
        topology.boot = object["boot"].map { boot($0) } ?? topology.boot
        topology.rules = object["rules"].map { rules($0) } ?? []
        topology.sysctls = object["sysctls"].map { sysctls($0, topology.architecture) } ?? topology.sysctls

        // An impossible page size is reported once, not again for each range.
        let pageSize = Topology.isPossible(pageSize: topology.pageSize) ? topology.pageSize : 4096
        let layout = MemoryLayoutRule(pageSize: pageSize, hasHole: topology.architecture.hasPCIHole)
        let (nodes, positions) = readNodes(object["nodes"], in: root, layout: layout)
        topology.nodes = nodes
        topology.isNUMAConfigured =
            object["numaConfigured"].flatMap { flag($0) } ?? (topology.architecture.isNUMAConfigured || nodes.count > 1)
        topology.reserved = (object["reserved"]).map { reserved($0, layout: layout) } ?? []
        let ids = nodes.map(\.id)
        topology.distances = object["distances"].flatMap { distances($0, nodes: ids) } ?? DistanceMatrix(nodes: ids)

        if !problems.isEmpty { skipped.insert(.derived) }
        for problem in topology.validate(skipping: skipped) { add(problem, in: root, positions: positions) }
        problems.sort { ($0.location ?? Self.start, $0.message) < ($1.location ?? Self.start, $1.message) }
        return problems.contains { $0.severity == .error } ? nil : topology
    }

    static let keys = [
        "$schema", "name", "about", "architecture", "kernel", "nodes", "distances", "zoneLimits", "boot", "sysctls",
        "reserved", "pageSize", "maximumOrder", "pageblockOrder", "hugePageOrder", "cmaConfigured", "numaConfigured",
        "rules",
    ]
    private static let start = SourceLocation(line: 1, column: 1)

    // MARK: - Reporting

    package mutating func reportDuplicates() {
        for duplicate in document.duplicates {
            let first = document.location(ofOffset: duplicate.firstOffset)
            report(at: duplicate.offset, "the key \"\(duplicate.key)\" stands twice; first at \(first)")
        }
    }

    package mutating func report(_ severity: TopologyProblem.Severity = .error, at offset: Int, _ message: String) {
        problems.append(
            TopologyProblem(
                severity, at: document.path(ofOffset: offset), source: document.source.name,
                location: document.location(ofOffset: offset), message))
    }

    package mutating func report(_ value: JSONValue, _ message: String) { report(at: value.offset ?? 0, message) }

    /// Gives a problem of the finished value its place: nodes are in another order there, and short forms have fewer parts.
    private mutating func add(_ problem: TopologyProblem, in root: JSONValue, positions: [Int]) {
        var components = problem.path.components
        if components.count > 1, components[0] == "nodes", case .index(let index) = components[1] {
            components[1] = .index(positions[index])
        }
        if components.first == "sysctls", components.count > 1, case .key(let name) = components[1],
            let value = root["sysctls"], value[name] == nil
        {
            components[1] = .key("vm." + name)
        }
        var value = root
        for component in components {
            let inner =
                switch component {
                case .key(let key): value[key]
                case .index(let index): value[index]
                }
            guard let inner else { break }
            value = inner
        }
        let offset = value.offset ?? 0
        report(problem.severity, at: offset, problem.message)
    }

    // MARK: - Shapes

    /// The members of an object; keys not in `keys` are reported.
    package mutating func object(_ value: JSONValue, keys: [String], what: String) -> JSONObject? {
        guard let object = value.object else {
            report(value, "\(what) is an object in braces, not \(value.kindName)")
            return nil
        }
        for member in object.members where !keys.contains(member.key) {
            let suggestion = Spelling.suggestion(for: member.key, among: keys)
            let known =
                suggestion.isEmpty
                ? "; there is \(keys.filter { $0 != "$schema" && !$0.hasPrefix("vm.") }.joined(separator: ", "))"
                : suggestion
            report(at: member.keyOffset ?? 0, "unknown key \"\(member.key)\"\(known)")
        }
        return object
    }

    package mutating func string(_ value: JSONValue) -> String? {
        if value.string == nil { report(value, "this must be a text in quotes, not \(value.kindName)") }
        return value.string
    }

    package mutating func flag(_ value: JSONValue) -> Bool? {
        if value.bool == nil { report(value, "this must be true or false, not \(value.kindName)") }
        return value.bool
    }

    package mutating func integer(_ value: JSONValue) -> Int? {
        if value.int == nil { report(value, "this must be a whole number, not \(describe(value))") }
        return value.int
    }

    /// Bytes.
    mutating func size(_ value: JSONValue) -> UInt64? {
        if let bytes = value.integer, bytes >= 0 { return UInt64(bytes) }
        guard let text = value.string else {
            report(value, "a size is a text such as \"64GiB\" or a number of bytes, not \(describe(value))")
            return nil
        }
        do throws(ByteSize.Invalid) {
            return try ByteSize(text).bytes
        } catch {
            report(value, error.description)
            return nil
        }
    }

    /// One of several words.
    package mutating func word<Value>(_ value: JSONValue, _ choices: KeyValuePairs<String, Value>) -> Value? {
        let names = choices.map(\.key)
        if let text = value.string, let choice = choices.first(where: { $0.key == text }) { return choice.value }
        let suggestion = value.string.map { Spelling.suggestion(for: $0, among: names) } ?? ""
        report(value, "\(describe(value)) is none of \(names.joined(separator: ", "))\(suggestion)")
        return nil
    }

    package func describe(_ value: JSONValue) -> String {
        switch value.kind {
        case .string, .integer, .number: value.text(pretty: false)
        default: value.kindName
        }
    }
}
