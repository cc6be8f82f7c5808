/// What there is to say about a source that was read: what of it was used beyond what shows, what was assumed because it left
/// it open, what was not understood, and what contradicts something else.
public struct SourceNote: Hashable, Sendable {
    public var kind: Kind
    /// The line it is about, from 1; nil: none in particular.
    public var line: Int?
    /// One sentence.
    public var text: String

    public enum Kind: String, CaseIterable, Hashable, Sendable {
        /// Stated, and taken as it is.
        case used
        /// Left open, and assumed.
        case assumed
        /// Stated, but not understood or not modelled: it has no effect.
        case notUnderstood = "not understood"
        /// Stated twice and differently; the sentence says which counts.
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
