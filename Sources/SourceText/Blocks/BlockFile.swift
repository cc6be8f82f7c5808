/// A file that consists of a header and blocks, each with its own size and checksums: a binary trace, a checkpoint, a
/// compact snapshot. See `Documentation/Formats/TraceFormat.md`.
package struct BlockFile: Sendable {
    /// The first eight bytes. A transfer that changes line ends or drops the eighth bit visibly damages them.
    package let magic: [UInt8]
    /// The version that is written.
    package let version: UInt16
    /// The oldest version that is still read.
    package let oldestVersion: UInt16
    /// What the file is, as in "is not WHAT of this program".
    package let what: String
    /// What to do about a file of another version.
    package let remedy: String

    /// Bytes of a file's header.
    package static let headerSize = 32
    /// Bytes of a block's header.
    package static let blockHeaderSize = 24
    /// The most bytes that a block unpacks to.
    package static let largestBlock = 1 << 20

    /// How the bytes of a block are stored.
    package enum Packing: UInt8, Sendable {
        case stored = 0
        /// zlib.
        case compressed = 1
    }

    package init(magic: [UInt8], version: UInt16, oldestVersion: UInt16, what: String, remedy: String) {
        self.magic = magic
        self.version = version
        self.oldestVersion = oldestVersion
        self.what = what
        self.remedy = remedy
    }

    // MARK: - As bytes

    /// The header of a file.
    ///
    /// - Parameters:
    ///   - fields: At most sixteen bytes, which follow the version.
    package func header(_ fields: [UInt8] = []) -> [UInt8] {
        var header = magic + version.littleEndianBytes + UInt16(0).littleEndianBytes + fields
        header += [UInt8](repeating: 0, count: 28 - header.count)
        header += header.withUnsafeBytes { DeflateBlock.checksum($0) }.littleEndianBytes
        return header
    }

    /// A block with its header. One that compression would not make smaller is stored uncompressed.
    ///
    /// - Precondition: `payload` has at most ``largestBlock`` bytes.
    package static func block(kind: UInt8, count: Int, _ payload: [UInt8], packing: Packing) -> [UInt8] {
        precondition(payload.count <= largestBlock)
        var packed = packing == .stored ? payload : payload.withUnsafeBytes { DeflateBlock.compress($0, level: 1) }
        var packing = packing
        if packed.count >= payload.count {
            packed = payload
            packing = .stored
        }
        var block: [UInt8] = [kind, packing.rawValue, 0, 0] + UInt32(count).littleEndianBytes
        block += UInt32(payload.count).littleEndianBytes + UInt32(packed.count).littleEndianBytes
        block += payload.withUnsafeBytes { DeflateBlock.checksum($0) }.littleEndianBytes
        block += block.withUnsafeBytes { DeflateBlock.checksum($0) }.littleEndianBytes
        return block + packed
    }
}

extension FixedWidthInteger {
    /// The number's bytes, lowest first.
    package var littleEndianBytes: [UInt8] {
        withUnsafeBytes(of: littleEndian) { Array($0) }
    }
}

extension [UInt8] {
    /// Reads a little-endian number.
    ///
    /// - Precondition: The number lies within the array.
    package func number<Number: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: Number.Type) -> Number {
        precondition(offset >= 0 && offset + MemoryLayout<Number>.size <= count)
        return withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: type)) }
    }
}
