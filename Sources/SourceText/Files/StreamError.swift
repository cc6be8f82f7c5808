/// Why a trace, a checkpoint or a compact snapshot cannot be read or written, for the person who named it.
public struct StreamError: Error, Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// The file cannot be opened, read or written.
        case source
        /// The file is of a version that this program does not know.
        case version
        /// The file ends before it says so.
        case truncated
        /// A checksum, a size or a number is wrong.
        case damaged
        /// The file is good, but belongs to something else.
        case foreign
    }

    /// The file, as given.
    public var source: String
    /// In bytes from the file's start; nil where the whole of it is meant.
    public var offset: Int?
    public var kind: Kind
    public var message: String

    public init(source: String, offset: Int? = nil, kind: Kind, message: String) {
        self.source = source
        self.offset = offset
        self.kind = kind
        self.message = message
    }

    package init(_ error: SourceError) {
        self.init(source: error.source, kind: error.kind == .truncated ? .truncated : .source, message: error.message)
    }

    package init(_ error: OutputError) { self.init(source: error.target, kind: .source, message: error.message) }
}

extension StreamError: CustomStringConvertible {
    public var description: String { "\(source): \(sentence)" }

    /// Without the file's name.
    package var sentence: String { offset.map { "byte \($0): \(message)" } ?? message }
}
