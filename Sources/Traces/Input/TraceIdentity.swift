import SourceText

/// Identifies a trace without reading all of it, by its size on disk and a checksum of its beginning.
struct TraceIdentity: Hashable, Sendable {
    var size: Int
    var checksum: UInt32

    /// How many bytes, after decompression, the checksum covers.
    static let head = 1 << 16

    init(size: Int, head: [UInt8]) {
        self.size = size
        checksum = head.withUnsafeBytes { DeflateBlock.checksum($0) }
    }

    init(size: Int, checksum: UInt32) {
        self.size = size
        self.checksum = checksum
    }
}
