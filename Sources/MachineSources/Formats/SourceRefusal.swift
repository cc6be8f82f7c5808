import SourceText
import Topology

/// Why something is not a source of a machine, in a sentence for the person who named it.
public struct SourceRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    public var description: String
    /// It is what it should be, and still no machine: a JSON Schema.
    public var isHarmless = false

    init(_ description: String, isHarmless: Bool = false) {
        self.description = description
        self.isHarmless = isHarmless
    }
}

/// A description in which something is wrong; all of it.
public struct SourceFaults: Error, Hashable, Sendable, CustomStringConvertible {
    /// "a topology".
    public var kind: String
    /// Errors and warnings, in order of the text.
    public var problems: [SourceProblem]

    public var description: String {
        problems.filter { $0.severity == .error }.map(\.description).joined(separator: "\n")
    }
}
