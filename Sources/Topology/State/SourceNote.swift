/// A remark on a source: something that was used but is not visible in the result, assumed because it was not stated,
/// not understood, or contradicted elsewhere in it.
public struct SourceNote: Hashable, Sendable {
    /// What the remark is about.
    public var kind: Kind
    /// The line that it is about, from 1; nil: none in particular.
    public var line: Int?
    /// One sentence.
    public var text: String

    /// What a remark is about.
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        /// Stated, and used.
        case used
        /// Not stated, and assumed.
        case assumed
        /// Stated, but not understood or not modelled, and therefore ignored.
        case notUnderstood = "not understood"
        /// Stated twice and differently; the sentence says which was used.
        case contradiction
    }

    public init(_ kind: Kind, line: Int? = nil, _ text: String) {
        self.kind = kind
        self.line = line
        self.text = text
    }
}

extension SourceNote: CustomStringConvertible {
    /// The sentence, with its line if it has one.
    public var description: String { line.map { "line \($0): \(text)" } ?? text }
}
