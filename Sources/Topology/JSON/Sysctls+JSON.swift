import SourceText

extension Sysctls {
    /// Reads settings from their JSON form, for readers of larger documents.
    ///
    /// - Parameters:
    ///   - value: a table of settings by name.
    ///   - shapes: checks the form and collects problems.
    ///   - architecture: decides which zones there are.
    ///   - before: what stays where nothing is given.
    package init(
        _ value: JSONValue, _ shapes: inout JSONShapes, _ architecture: Architecture, before: Sysctls = Sysctls()
    ) {
        var reader = TopologyReader(shapes)
        self = reader.sysctls(value, architecture, before: before)
        shapes = reader.shapes
    }
}
