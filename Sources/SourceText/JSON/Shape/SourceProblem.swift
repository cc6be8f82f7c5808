/// Something wrong, or odd, with a description: of a machine, a state, a scenario, a recording.
public struct SourceProblem: Error, Hashable, Sendable {
    public var severity: Severity
    /// Where in the JSON form, such as `nodes[1].memory`; empty for the whole.
    public var path: JSONPath
    /// The file and place, if it was read from one.
    public var source: String?
    public var location: SourceLocation?
    /// What is wrong and what would be right.
    public var message: String

    public enum Severity: String, Hashable, Sendable {
        /// Unusual or without effect; what is described can be used.
        case warning
        /// There can be no such thing.
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

    /// What a scanner found in a document's text.
    package init(_ failure: JSONScanner.Failure, in document: JSONDocument) {
        self.init(
            at: document.path(ofOffset: failure.offset), source: document.source.name,
            location: document.location(ofOffset: failure.offset),
            failure.message ?? "this cannot be read here")
    }

    /// What kept a source from being read at all.
    public init(_ error: SourceError) {
        self.init(at: [], source: error.source, location: error.location, error.message)
    }
}

extension SourceProblem: CustomStringConvertible {
    /// `FILE:LINE:COLUMN: error: PATH: MESSAGE`, as compilers print it; what is not known is left out.
    public var description: String {
        var parts: [String] = []
        if let source { parts.append(location.map { "\(source):\($0)" } ?? source) }
        parts.append(severity.rawValue)
        if !path.components.isEmpty { parts.append(path.description) }
        return (parts + [message]).joined(separator: ": ")
    }
}

/// All that is wrong with a description.
public struct SourceProblems: Error, Hashable, Sendable {
    /// At least one error; warnings too.
    public var problems: [SourceProblem]

    public init(_ problems: [SourceProblem]) { self.problems = problems }
}

extension SourceProblems: CustomStringConvertible {
    /// One problem a line.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
