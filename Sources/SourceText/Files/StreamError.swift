/// Why a trace, a checkpoint or a compact snapshot cannot be read or written, for the person who named it.
public struct StreamError: Error, Hashable, Sendable {
    /// What kind of error it is.
    public enum Kind: Hashable, Sendable {
        /// The file cannot be opened, read or written.
        case source
        /// The file has a version that this program does not know.
        case version
        /// The file ends before it should.
        case truncated
        /// A checksum, a size or a number is wrong.
        case damaged
        /// The file is intact, but belongs to something else.
        case foreign
    }

    /// The file, as given.
    public var source: String
    /// In bytes from the file's start; nil for the file as a whole.
    public var offset: Int?
    /// What kind of error it is.
    public var kind: Kind
    /// What is wrong and, if known, what would be right.
    public var message: String

    public init(source: String, offset: Int? = nil, kind: Kind, message: String) {
        self.source = source
        self.offset = offset
        self.kind = kind
        self.message = message
    }

    /// An error of the file as a whole.
    package init(_ error: SourceError) {
        self.init(source: error.source, kind: error.kind == .truncated ? .truncated : .source, message: error.message)
    }

    /// An error of writing.
    package init(_ error: OutputError) { self.init(source: error.target, kind: .source, message: error.message) }
}

extension StreamError: CustomStringConvertible {
    public var description: String { "\(source): \(sentence)" }

    /// The message with its offset, but without the file's name.
    package var sentence: String { offset.map { "byte \($0): \(message)" } ?? message }
}
