import SourceText

extension Topology {
    /// Reads a topology in its JSON form, and says everything that is wrong or odd with it.
    ///
    /// - Returns: The topology, unless there is an error among `problems`. Problems are in the order of the text.
    public static func check(_ document: JSONDocument) -> (topology: Topology?, problems: [SourceProblem]) {
        check(document.root, in: document)
    }

    /// Like ``check(_:)-(JSONDocument)``, for a topology that is part of a larger document, such as a scenario.
    public static func check(
        _ value: JSONValue, in document: JSONDocument
    ) -> (topology: Topology?, problems: [SourceProblem]) {
        var shapes = JSONShapes(document)
        let topology = Topology(value, &shapes)
        return (topology, shapes.problems)
    }

    /// Like ``check(_:in:)``, for readers of larger documents; nil if there are errors.
    package init?(_ value: JSONValue, _ shapes: inout JSONShapes) {
        guard let topology = Self.read(value, &shapes) else { return nil }
        self = topology
    }

    /// Whether a description has a member with this name, or with one so similar that this one may be meant.
    package static func mayMean(_ key: String) -> Bool {
        TopologyReader.keys.contains(key) || !Spelling.suggestion(for: key, among: TopologyReader.keys).isEmpty
    }

    static func read(_ value: JSONValue, _ shapes: inout JSONShapes, skipping skipped: Set<Check> = []) -> Topology? {
        var reader = TopologyReader(shapes, skipping: skipped)
        defer { shapes = reader.shapes }
        return reader.read(value)
    }

    /// Like ``check(_:)-(JSONDocument)``, for a file, whose text may not even be JSON.
    public static func check(_ source: SourceFile) -> (topology: Topology?, problems: [SourceProblem]) {
        do throws(SourceError) {
            return check(try JSONDocument(source))
        } catch {
            return (nil, [SourceProblem(error)])
        }
    }

    /// Reads a topology in its JSON form.
    /// - Throws: `SourceProblems` with all problems if one of them is an error.
    public init(json document: JSONDocument) throws(SourceProblems) {
        self = try Self.unwrap(Self.check(document))
    }

    /// Reads a topology from a file in its JSON form.
    /// - Throws: `SourceProblems` with all problems if one of them is an error.
    public init(json source: SourceFile) throws(SourceProblems) {
        self = try Self.unwrap(Self.check(source))
    }

    /// Reads a topology from its JSON text, comments and trailing commas allowed.
    ///
    /// - Parameters:
    ///   - text: The description; `Config/schemas/topology.schema.json` has its form.
    ///   - name: What messages call the text.
    /// - Throws: `SourceProblems` with all problems if one of them is an error.
    public init(json text: String, name: String = "description") throws(SourceProblems) {
        try self.init(json: SourceFile(name: name, text: text))
    }

    private static func unwrap(
        _ result: (topology: Topology?, problems: [SourceProblem])
    ) throws(SourceProblems) -> Topology {
        guard let topology = result.topology else { throw SourceProblems(result.problems) }
        return topology
    }
}
