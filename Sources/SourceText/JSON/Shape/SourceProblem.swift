/// Something wrong or unusual in a description of a machine, a state, a scenario or a recording.
public struct SourceProblem: Error, Hashable, Sendable {
    /// Whether it makes the description unusable.
    public var severity: Severity
    /// Where it is in the JSON form, such as `nodes[1].memory`; empty for the whole.
    public var path: JSONPath
    /// The file, if it was read from one.
    public var source: String?
    /// The place in the file.
    public var location: SourceLocation?
    /// What is wrong and what would be right.
    public var message: String

    /// How bad a problem is.
    public enum Severity: String, Hashable, Sendable {
        /// Unusual or without effect; the description can be used.
        case warning
        /// What is described cannot exist.
        case error
    }

    public init(
        _ severity: Severity = .error, at path: JSONPath, source: String? = nil, location: SourceLocation? = nil,
        _ message: String
    ) {
        self.severity = severity
        self.path = path
        self.source = source
        self.location = location
        self.message = message
    }

    /// A problem that a scanner found in a document's text.
    package init(_ failure: JSONScanner.Failure, in document: JSONDocument) {
        self.init(
            at: document.path(ofOffset: failure.offset), source: document.source.name,
            location: document.location(ofOffset: failure.offset),
            failure.message ?? "this cannot be read here")
    }

    /// The reason why a source could not be read at all.
    public init(_ error: SourceError) {
        self.init(at: [], source: error.source, location: error.location, error.message)
    }
}

extension SourceProblem: CustomStringConvertible {
    /// `FILE:LINE:COLUMN: error: PATH: MESSAGE`, the form that compilers use; unknown parts are omitted.
    public var description: String {
        var parts: [String] = []
        if let source { parts.append(location.map { "\(source):\($0)" } ?? source) }
        parts.append(severity.rawValue)
        if !path.components.isEmpty { parts.append(path.description) }
        return (parts + [message]).joined(separator: ": ")
    }
}

/// Everything that is wrong with a description.
public struct SourceProblems: Error, Hashable, Sendable {
    /// At least one error, possibly with warnings.
    public var problems: [SourceProblem]

    public init(_ problems: [SourceProblem]) { self.problems = problems }
}

extension SourceProblems: CustomStringConvertible {
    /// One problem per line.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
