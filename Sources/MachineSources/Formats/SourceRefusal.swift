import SourceText
import Topology

/// Why something is not a source of a machine, in a sentence for the user.
public struct SourceRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    public var description: String
    /// Whether it is valid in itself but not a machine, such as a JSON Schema.
    public var isHarmless = false

    init(_ description: String, isHarmless: Bool = false) {
        self.description = description
        self.isHarmless = isHarmless
    }
}

/// Everything that is wrong with a description.
public struct SourceFaults: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of description: "a topology".
    public var kind: String
    /// Errors and warnings, in order of the text.
    public var problems: [SourceProblem]

    public var description: String {
        problems.filter { $0.severity == .error }.map(\.description).joined(separator: "\n")
    }
}
