import SourceText

extension Sysctls {
    /// Reads settings from their JSON form, for readers of larger documents.
    ///
    /// - Parameters:
    ///   - value: A table of settings by name.
    ///   - shapes: Checks the form and collects problems.
    ///   - architecture: Decides which zones there are.
    ///   - before: What stays where nothing is given.
    package init(
        _ value: JSONValue, _ shapes: inout JSONShapes, _ architecture: Architecture, before: Sysctls = Sysctls()
    ) {
        var reader = TopologyReader(shapes)
        self = reader.sysctls(value, architecture, before: before)
        shapes = reader.shapes
    }
}
