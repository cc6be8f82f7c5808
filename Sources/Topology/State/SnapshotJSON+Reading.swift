import BuddyEngine
import GFP
import SourceText

extension Snapshot {
    /// Reads a snapshot in its JSON form (``json``), and reports everything that is wrong with it.
    ///
    /// - Returns: The snapshot, unless there is an error among `problems`. A returned snapshot can be restored without
    ///   a trap; the allocator decides whether a machine can be in such a state.
    public static func check(_ document: JSONDocument) -> (snapshot: Snapshot?, problems: [SourceProblem]) {
        var reader = SnapshotReader(document)
        let snapshot = reader.read(document.root)
        guard document.leavesLists, reader.needsWhole || !reader.problems.isEmpty || !document.duplicates.isEmpty else {
            return (snapshot, reader.problems)
        }
        // Something is wrong or unusual: read the whole text again to report it with its place.
        do throws(SourceError) { return check(try JSONDocument(document.source)) } catch {
            return (nil, [SourceProblem(error)])
        }
    }

    /// Like ``check(_:)-(JSONDocument)``, for a file, which may have the compact form or not be JSON at all.
    public static func check(_ source: SourceFile) -> (snapshot: Snapshot?, problems: [SourceProblem]) {
        if CompactSnapshot.isCompact(source.bytes) { return CompactSnapshot.check(source) }
        do throws(SourceError) {
            return check(try JSONDocument(source, leavingLists: SnapshotJSON.longLists))
        } catch {
            return (nil, [SourceProblem(error)])
        }
    }

    /// Reads a snapshot in its JSON form.
    ///
    /// - Throws: `SourceProblems` with all problems if one of them is an error.
    public init(json document: JSONDocument) throws(SourceProblems) {
        let (snapshot, problems) = Self.check(document)
        guard let snapshot else { throw SourceProblems(problems) }
        self = snapshot
    }

    /// Whether a document says that it is a snapshot and not, for example, a topology.
    public static func isDescribed(by document: JSONDocument) -> Bool {
        document.root["format"]?.string?.hasPrefix("numazones-snapshot/") == true
    }
}

/// Reads the JSON form of a snapshot, and continues past whatever is wrong, so that all of it can be reported at once.
struct SnapshotReader {
    var shapes: JSONShapes
    /// What zones and CPUs must belong to.
    var topology = Topology(nodes: []) {
        didSet { references = MachineReferences(topology) }
    }
    private var references = MachineReferences(Topology(nodes: []))
    /// The pages seen so far on the zone's lists, where those are read straight from the text.
    var coverage: PageCoverage?
    /// Such a list is wrong or unusual: the whole text must be read as a tree to report on it.
    var needsWhole = false

    init(_ document: JSONDocument) {
        shapes = JSONShapes(document)
    }

    var problems: [SourceProblem] { shapes.problems }

    static let keys = ["format", "topology", "zones", "zonelists", "kswapd", "mobilityGroupingDisabled", "notes"]

    /// Reads the snapshot that `root` describes; nil if there are errors.
    mutating func read(_ root: JSONValue) -> Snapshot? {
        guard let object = object(root, Self.keys, what: "a snapshot") else { return nil }
        guard object["format"]?.string == SnapshotJSON.format else {
            let found = object["format"].map { "not \(shapes.describe($0))" } ?? "but there is none"
            report(object["format"] ?? root, "\"format\" must be \"\(SnapshotJSON.format)\", \(found)")
            return nil
        }
        guard let description = required("topology", of: object, in: root) else { return nil }
        // A machine read from /proc has zones, but no memory ranges.
        guard let topology = Topology.read(description, &shapes, skipping: [.totals, .derived]) else { return nil }
        self.topology = topology

        var snapshot = Snapshot(topology: topology, zones: [])
        if let zones = required("zones", of: object, in: root).flatMap({ list($0) }) {
            snapshot.zones = readZones(zones)
        }
        for member in object["zonelists"].map({ members($0) }) ?? [] {
            guard let node = node(named: member) else { continue }
            snapshot.zonelists[node] = list(member.value)?.compactMap { reference($0) }
        }
        for member in object["kswapd"].map({ members($0) }) ?? [] {
            guard let node = node(named: member) else { continue }
            snapshot.kswapd[node] = kswapd(member.value)
        }
        snapshot.isMobilityGroupingDisabled = object["mobilityGroupingDisabled"].flatMap { shapes.flag($0) }
        snapshot.notes = object["notes"].flatMap { list($0) }?.compactMap { shapes.string($0) } ?? []
        return problems.contains { $0.severity == .error } ? nil : snapshot
    }

    private mutating func reference(_ value: JSONValue) -> ZoneReference? {
        guard let parts = value.array, parts.count == 2 else {
            report(value, "a zone is written [node, \"name\"], as in [0, \"Normal\"], not \(shapes.describe(value))")
            return nil
        }
        guard let node = number(parts[0], 0...NodeID.limit - 1), let kind = kind(parts[1]) else { return nil }
        return ZoneReference(node: NodeID(node), kind: kind)
    }

    private mutating func kswapd(_ value: JSONValue) -> KswapdSnapshot? {
        guard let object = object(value, ["order", "highestZoneIndex", "failures", "isAsleep"], what: "kswapd's state")
        else { return nil }
        guard
            let order = required("order", of: object, in: value).flatMap({ number($0, 0...15) }),
            let highest = required("highestZoneIndex", of: object, in: value).flatMap({
                number($0, 0...topology.architecture.zoneKinds.count)
            }),
            let failures = required("failures", of: object, in: value).flatMap({ number($0, SnapshotJSON.small) }),
            let isAsleep = required("isAsleep", of: object, in: value).flatMap({ shapes.flag($0) })
        else { return nil }
        return KswapdSnapshot(
            order: Order(order), highestZoneIndex: highest, failures: failures, isAsleep: isAsleep)
    }
}

// MARK: - Shapes

extension SnapshotReader {
    /// Whether so many problems have been found that looking for more is pointless.
    var isFull: Bool { shapes.isFull }

    mutating func report(_ value: JSONValue, _ message: String) {
        shapes.report(value, message)
    }

    mutating func object(_ value: JSONValue, _ keys: [String], what: String) -> JSONObject? {
        isFull ? nil : shapes.object(value, keys: keys, what: what)
    }

    mutating func required(_ key: String, of object: JSONObject, in value: JSONValue) -> JSONValue? {
        shapes.required(key, of: object, in: value)
    }

    /// Whether the machine has what a value names; if not, that is reported.
    mutating func isKnown(
        _ value: JSONValue, _ check: (MachineReferences) throws(MachineReferences.Unknown) -> Void
    ) -> Bool {
        do { try check(references) } catch {
            report(value, error.description)
            return false
        }
        return true
    }

    mutating func list(_ value: JSONValue) -> [JSONValue]? { shapes.list(value) }

    mutating func members(_ value: JSONValue) -> [JSONObject.Member] { shapes.members(value) }

    mutating func number(_ value: JSONValue, _ range: ClosedRange<Int> = SnapshotJSON.numbers) -> Int? {
        shapes.number(value, range)
    }

    /// Sets the numbers that an object gives; others keep their values.
    mutating func numbers<Owner>(
        _ fields: [SnapshotJSON.Field<Owner>], of object: JSONObject, into owner: inout Owner
    ) {
        for field in fields {
            guard let value = object[field.name], let number = number(value, field.range) else { continue }
            owner[keyPath: field.path] = number
        }
    }

    mutating func kind(_ value: JSONValue) -> ZoneKind? {
        let kinds = topology.architecture.zoneKinds
        if let kind = value.string.flatMap({ ZoneKind(kernelName: $0) }), kinds.contains(kind) { return kind }
        let names = kinds.map(\.kernelName)
        let suggestion = value.string.map { Spelling.suggestion(for: $0, among: names) } ?? ""
        report(value, "\(shapes.describe(value)) is not a zone here: use \(names.joined(separator: ", "))\(suggestion)")
        return nil
    }

    mutating func type(_ value: JSONValue) -> Migratetype? { type(value.string, at: value) }

    mutating func type(_ name: String?, at value: JSONValue) -> Migratetype? {
        if let type = name.flatMap({ Migratetype(kernelName: $0) }) { return type }
        let names = Migratetype.allCases.map(\.kernelName)
        let suggestion = name.map { Spelling.suggestion(for: $0, among: names) } ?? ""
        report(
            value,
            "\(name.map { "\"\($0)\"" } ?? value.kindName) is not a type: use \(names.joined(separator: ", "))\(suggestion)"
        )
        return nil
    }

    /// The node that a member's key names; nil, and reported, if there is none.
    mutating func node(named member: JSONObject.Member) -> NodeID? {
        if let number = Int(member.key), let node = topology.nodes.first(where: { Int($0.id.rawValue) == number }) {
            return node.id
        }
        report(member.value, "\"\(member.key)\" is not a node of this machine")
        return nil
    }

    /// Reads `first` or `[first, count]`, in units of `pages`, inside `span`.
    mutating func run(_ value: JSONValue, pages: Int, within span: Range<PageFrame>) -> FreeList.Run? {
        let parts = value.array ?? [value]
        guard (1...2).contains(parts.count) else {
            report(value, "a run is a page frame number or [first, count], not a list of \(parts.count)")
            return nil
        }
        guard let first = number(parts[0]) else { return nil }
        guard let count = parts.count > 1 ? number(parts[1], 1...Int(BuddySpan.largestSpan)) : 1 else { return nil }
        return run(first, count, pages: pages, within: span, at: value)
    }

    /// A run of `count` blocks of `pages` pages; nil, and reported, if it is not inside the zone's span.
    mutating func run(
        _ first: Int, _ count: Int, pages: Int, within span: Range<PageFrame>, at value: JSONValue
    ) -> FreeList.Run? {
        let run = FreeList.Run(first: PageFrame(first), count: count)
        // Neither can overflow: frames end at 2^52, counts at 2^32, blocks at 2^15 pages.
        guard run.first >= span.lowerBound, run.first + count * pages <= span.upperBound else {
            report(
                value,
                "these pages reach from \(first) to \(run.first + count * pages), outside the zone's \(span.lowerBound) to"
                    + " \(span.upperBound)")
            return nil
        }
        return run
    }
}
