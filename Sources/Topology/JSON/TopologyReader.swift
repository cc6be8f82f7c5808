import BuddyEngine
import GFP
import SourceText

/// Reads the JSON form of a topology, and continues past whatever is wrong, so that all of it can be reported at once.
struct TopologyReader {
    var shapes: JSONShapes
    var skipped: Set<Topology.Check>

    init(_ shapes: JSONShapes, skipping skipped: Set<Topology.Check> = []) {
        self.shapes = shapes
        self.skipped = skipped
    }

    /// Reads the topology that `root` describes; nil if there are errors.
    mutating func read(_ root: JSONValue) -> Topology? {
        shapes.reportDuplicates()
        guard let object = shapes.object(root, keys: Self.keys, what: "a topology") else { return nil }

        var topology = Topology(nodes: [])
        topology.name = object["name"].flatMap { shapes.string($0) } ?? ""
        topology.about = object["about"].flatMap { shapes.string($0) } ?? ""
        topology.architecture = object["architecture"].flatMap { architecture($0) } ?? .amd64
        topology.kernel = object["kernel"].flatMap { kernel($0) } ?? topology.kernel
        topology.pageSize = object["pageSize"].flatMap { size($0) }.map { Int(clamping: $0) } ?? 4096
        readBlockSizes(object, into: &topology)
        topology.isCMAConfigured =
            object["cmaConfigured"].flatMap { shapes.flag($0) } ?? topology.architecture.isCMAConfigured
        topology.configuredCPUs = object["configuredCPUs"].flatMap { count($0, upTo: CPUID.limit) }
        topology.zoneLimits = object["zoneLimits"].flatMap { zoneLimits($0) }
        topology.boot = object["boot"].map { boot($0) } ?? topology.boot
        topology.rules = object["rules"].map { RuleChange.read($0, &shapes) } ?? []
        topology.sysctls = object["sysctls"].map { sysctls($0, topology.architecture) } ?? topology.sysctls

        // An impossible page size is reported once, not again for each range.
        let pageSize = Topology.isPossible(pageSize: topology.pageSize) ? topology.pageSize : 4096
        let layout = MemoryLayoutRule(pageSize: pageSize, hasHole: topology.architecture.hasPCIHole)
        let (nodes, positions) = readNodes(object["nodes"], in: root, layout: layout)
        topology.nodes = nodes
        topology.isNUMAConfigured =
            object["numaConfigured"].flatMap { shapes.flag($0) }
            ?? (topology.architecture.isNUMAConfigured || nodes.count > 1)
        topology.reserved = (object["reserved"]).map { placedRanges($0, layout: layout, what: "reserved") } ?? []
        topology.contiguousAreas =
            object["contiguousAreas"].map { placedRanges($0, layout: layout, what: "contiguousAreas") } ?? []
        let ids = nodes.map(\.id)
        topology.distances = object["distances"].flatMap { distances($0, nodes: ids) } ?? DistanceMatrix(nodes: ids)

        if !shapes.isClean { skipped.insert(.derived) }
        for problem in topology.validate(skipping: skipped) { add(problem, in: root, positions: positions) }
        shapes.sortProblems()
        return shapes.hasErrors ? nil : topology
    }

    static let keys = [
        "$schema", "name", "about", "architecture", "kernel", "nodes", "distances", "zoneLimits", "boot", "sysctls",
        "reserved", "contiguousAreas", "pageSize", "maximumOrder", "pageblockOrder", "hugePageOrder", "cmaConfigured",
        "numaConfigured",
        "configuredCPUs", "rules",
    ]

    /// Finds the place in the text of a problem with the finished value, whose nodes are sorted and whose short forms
    /// are expanded.
    private mutating func add(_ problem: SourceProblem, in root: JSONValue, positions: [Int]) {
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
        shapes.report(problem.severity, at: offset, problem.message)
    }

    /// Reads a whole number from 1 to `limit`.
    mutating func count(_ value: JSONValue, upTo limit: Int) -> Int? {
        guard let number = shapes.integer(value) else { return nil }
        guard (1...limit).contains(number) else {
            shapes.report(value, "\(number) is out of range: use 1 to \(limit)")
            return nil
        }
        return number
    }

    /// Reads a size in bytes.
    mutating func size(_ value: JSONValue) -> UInt64? {
        if let bytes = value.integer, bytes >= 0 { return UInt64(bytes) }
        guard let text = value.string else {
            shapes.report(
                value, "a size is a text such as \"64GiB\" or a number of bytes, not \(shapes.describe(value))")
            return nil
        }
        do throws(ByteSize.Invalid) {
            return try ByteSize(text).bytes
        } catch {
            shapes.report(value, error.description)
            return nil
        }
    }
}
