/// A file that is a header and blocks behind it, each with its own size and checksums: a binary trace, a checkpoint. See
/// `Documentation/TraceFormat.md`.
struct BlockFile: Sendable {
    /// The first eight bytes. A transfer that changes line ends or drops the eighth bit damages them visibly.
    let magic: [UInt8]
    let version: UInt16
    /// The oldest version that is still read.
    let oldestVersion: UInt16
    /// As in "is not WHAT of this program".
    let what: String
    /// What to do about a file of another version.
    let remedy: String

    static let headerSize = 32
    static let blockHeaderSize = 24
    /// The most bytes that a block unpacks to.
    static let largestBlock = 1 << 20

    /// How the bytes of a block are kept.
    enum Packing: UInt8, Sendable {
        case stored = 0
        /// zlib.
        case compressed = 1
    }
}

extension FixedWidthInteger {
    /// The number's bytes, lowest first.
    var littleEndianBytes: [UInt8] {
        withUnsafeBytes(of: littleEndian) { Array($0) }
    }
}

extension [UInt8] {
    /// A little-endian number.
    ///
    /// - Precondition: All of it lies within the array.
    func number<Number: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: Number.Type) -> Number {
        precondition(offset >= 0 && offset + MemoryLayout<Number>.size <= count)
        return withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: type)) }
    }
}
