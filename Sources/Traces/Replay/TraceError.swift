import SourceText

/// Why a trace or a checkpoint cannot be read or written, written for the person who named it.
public struct TraceError: Error, Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// The file cannot be opened, read or written.
        case source
        /// The file is of a version that this program does not know.
        case version
        /// The file ends before it says so.
        case truncated
        /// A checksum or a size is wrong.
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

    init(_ error: SourceError) {
        self.init(source: error.source, kind: error.kind == .truncated ? .truncated : .source, message: error.message)
    }

    init(_ error: BlockError) {
        let kind: Kind =
            switch error.kind {
            case .source: .source
            case .version: .version
            case .truncated: .truncated
            case .damaged: .damaged
            }
        self.init(source: error.source, offset: error.offset, kind: kind, message: error.message)
    }

    init(_ error: OutputError) { self.init(source: error.target, kind: .source, message: error.message) }
}

extension TraceError: CustomStringConvertible {
    public var description: String {
        guard let offset else { return "\(source): \(message)" }
        return "\(source): byte \(offset): \(message)"
    }
}
