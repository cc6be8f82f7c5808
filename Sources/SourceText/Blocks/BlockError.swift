/// Why a ``BlockFile`` cannot be read or written, for the person who named it.
package struct BlockError: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// The file cannot be opened, read or written.
        case source
        /// The file is of a version that this program does not know.
        case version
        /// The file ends before it says so.
        case truncated
        /// A checksum, a size or a number is wrong.
        case damaged
    }

    /// The file, as given.
    package var source: String
    /// In bytes from the file's start; nil where the whole of it is meant.
    package var offset: Int?
    package var kind: Kind
    package var message: String

    package init(source: String, offset: Int? = nil, kind: Kind, message: String) {
        self.source = source
        self.offset = offset
        self.kind = kind
        self.message = message
    }

    init(_ error: SourceError) {
        self.init(source: error.source, kind: error.kind == .truncated ? .truncated : .source, message: error.message)
    }

    init(_ error: OutputError) { self.init(source: error.target, kind: .source, message: error.message) }
}

extension BlockError: CustomStringConvertible {
    package var description: String {
        guard let offset else { return "\(source): \(message)" }
        return "\(source): byte \(offset): \(message)"
    }
}
