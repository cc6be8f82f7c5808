/// Why a source could not be read, written for the person who named it.
public struct SourceError: Error, Hashable, Sendable {
    /// The source's name, as ``SourceFile/name``.
    public var source: String
    /// Where in the source; nil where the whole of it is meant.
    public var location: SourceLocation?
    public var kind: Kind
    /// What is wrong and, where it is known, what would be right.
    public var message: String

    /// What a program may want to distinguish.
    public enum Kind: Hashable, Sendable {
        case missing
        case directory
        case unreadable
        /// More bytes than the limit, on disk or after decompression.
        case tooLarge
        /// Compressed data that ends early.
        case truncated
        /// Compressed data that is not what its checksum says.
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
