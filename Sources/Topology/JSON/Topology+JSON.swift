import SourceText

extension Topology {
    /// Reads a topology in its JSON form, and says everything that is wrong or odd with it.
    ///
    /// - Returns: the topology, unless there is an error among `problems`. Problems are in the order of the text.
    public static func check(_ document: JSONDocument) -> (topology: Topology?, problems: [TopologyProblem]) {
        check(document.root, in: document)
    }

    /// As ``check(_:)-(JSONDocument)``, of a topology that is a part of a larger document, such as a scenario.
    public static func check(
        _ value: JSONValue, in document: JSONDocument
    ) -> (topology: Topology?, problems: [TopologyProblem]) {
        var reader = TopologyReader(document)
        let topology = reader.read(value)
        return (topology, reader.problems)
    }

    /// As ``check(_:)-(JSONDocument)``, of a file, whose text may not even be JSON.
    public static func check(_ source: SourceFile) -> (topology: Topology?, problems: [TopologyProblem]) {
        do throws(SourceError) {
            return check(try JSONDocument(source))
        } catch {
            return (nil, [TopologyProblem(at: [], source: error.source, location: error.location, error.message)])
        }
    }

    /// - Throws: ``TopologyErrors`` with all problems if one of them is an error.
    public init(json document: JSONDocument) throws(TopologyErrors) {
        self = try Self.unwrap(Self.check(document))
    }

    /// - Throws: ``TopologyErrors`` with all problems if one of them is an error.
    public init(json source: SourceFile) throws(TopologyErrors) {
        self = try Self.unwrap(Self.check(source))
    }

    /// Reads a topology from its JSON text, comments and trailing commas allowed.
    ///
    /// - Parameters:
    ///   - text: the description; `Config/topology.schema.json` has its form.
    ///   - name: what messages call the text.
    /// - Throws: ``TopologyErrors`` with all problems if one of them is an error.
    public init(json text: String, name: String = "description") throws(TopologyErrors) {
        try self.init(json: SourceFile(name: name, text: text))
    }

    private static func unwrap(
        _ result: (topology: Topology?, problems: [TopologyProblem])
    ) throws(TopologyErrors) -> Topology {
        guard let topology = result.topology else { throw TopologyErrors(result.problems) }
        return topology
    }
}
