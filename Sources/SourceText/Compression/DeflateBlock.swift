import CZlib

/// Compression for blocks of a binary file, each on its own, with zlib (RFC 1950), and their checksum.
public enum DeflateBlock {
    /// Compresses a block.
    ///
    /// - Parameters:
    ///   - bytes: The content.
    ///   - level: From 1, fast, to 9, small.
    public static func compress(_ bytes: UnsafeRawBufferPointer, level: Int = 6) -> [UInt8] {
        var size = compressBound(uLong(bytes.count))
        return [UInt8](unsafeUninitializedCapacity: Int(size)) { output, count in
            let status = compress2(
                output.baseAddress, &size, bytes.bindMemory(to: UInt8.self).baseAddress, uLong(bytes.count),
                Int32(level))
            precondition(status == Z_OK, "zlib cannot compress: out of memory")
            count = Int(size)
        }
    }

    /// Decompresses a block of known size; false if the data are damaged or do not yield exactly that many bytes.
    public static func decompress(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Bool {
        var size = uLong(output.count)
        let status = uncompress(
            output.bindMemory(to: UInt8.self).baseAddress, &size, bytes.bindMemory(to: UInt8.self).baseAddress,
            uLong(bytes.count))
        return status == Z_OK && size == uLong(output.count)
    }

    /// The CRC-32 of gzip and PNG.
    public static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        UInt32(truncatingIfNeeded: crc32_z(0, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count))
    }
}
