import SourceText

/// Distinguishes one trace from another without reading all of it: its size in the file, and a checksum of its beginning.
struct TraceIdentity: Hashable, Sendable {
    var size: Int
    var checksum: UInt32

    /// How many bytes, after decompression, the checksum is of.
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
