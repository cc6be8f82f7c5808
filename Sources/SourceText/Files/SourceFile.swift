import SystemPackage

/// A text and its name, stored as bytes so that errors can be shown with their place.
public struct SourceFile: Hashable, Sendable {
    /// The path as the user gave it, or "standard input".
    public var name: String
    /// The decompressed content.
    public var bytes: [UInt8]

    /// The most that ``load(_:limit:)`` reads by default: 1 GiB, on disk and decompressed.
    public static let defaultLimit = 1 << 30

    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    public init(name: String, text: String) {
        self.init(name: name, bytes: Array(text.utf8))
    }

    /// The content as text; bytes that are not UTF-8 are replaced by U+FFFD.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The place of the byte at `offset`. O(offset): meant for messages.
    public func location(ofOffset offset: Int) -> SourceLocation {
        SourceLocation(ofOffset: offset, in: bytes)
    }

    /// Reads a file, a pipe, or standard input if `path` is `-`. Data that begin like a gzip file are decompressed,
    /// whatever the name.
    ///
    /// - Parameters:
    ///   - path: The file; `-` is standard input.
    ///   - limit: The most bytes allowed, before and after decompression: a small file can unpack to any size.
    /// - Throws: ``SourceError`` for a path that is missing, a directory, unreadable or too large, and for gzip data
    ///   that are cut short or damaged.
    public static func load(_ path: String, limit: Int = defaultLimit) throws(SourceError) -> SourceFile {
        let name = path == "-" ? "standard input" : path
        let (descriptor, size) = try FileDescriptor.openSource(path, name: name)
        defer { descriptor.closeSource() }
        let bytes = try descriptor.readAll(name: name, limit: limit, expected: size ?? 0)
        guard Gzip.isCompressed(bytes) else { return SourceFile(name: name, bytes: bytes) }
        do {
            return SourceFile(name: name, bytes: try Gzip.decompress(bytes, limit: limit))
        } catch {
            throw SourceError(source: name, kind: error.kind, message: error.message)
        }
    }
}
