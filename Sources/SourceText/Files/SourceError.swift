/// Why a source could not be read, written for the person who named it.
public struct SourceError: Error, Hashable, Sendable {
    /// The source's name, see ``SourceFile/name``.
    public var source: String
    /// Where in the source; nil for the source as a whole.
    public var location: SourceLocation?
    /// What kind of error it is.
    public var kind: Kind
    /// What is wrong and, if known, what would be right.
    public var message: String

    /// What a program may want to distinguish.
    public enum Kind: Hashable, Sendable {
        case missing
        case directory
        case unreadable
        /// More bytes than the limit, on disk or after decompression.
        case tooLarge
        /// Compressed data that end early.
        case truncated
        /// Compressed data that do not match their checksum.
        case damaged
        /// Text that does not follow its grammar.
        case syntax
    }

    public init(source: String, location: SourceLocation? = nil, kind: Kind, message: String) {
        self.source = source
        self.location = location
        self.kind = kind
        self.message = message
    }
}

extension SourceError: CustomStringConvertible {
    /// `FILE:LINE:COLUMN: what is wrong`, the form that editors turn into a link.
    public var description: String {
        guard let location else { return "\(source): \(message)" }
        return "\(source):\(location): \(message)"
    }
}
