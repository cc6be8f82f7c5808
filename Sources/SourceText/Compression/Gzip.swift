import CZlib

/// The gzip format (RFC 1952).
package enum Gzip {
    /// Why data could not be decompressed.
    package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// `truncated`, `damaged` or `tooLarge`.
        package var kind: SourceError.Kind
        /// What is wrong.
        package var message: String

        package var description: String { message }
    }

    /// Whether data begin with gzip's magic number.
    package static func isCompressed(_ bytes: [UInt8]) -> Bool {
        bytes.count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B
    }

    /// Decompresses a gzip file of one or more members; zero bytes may follow them, as on tapes.
    ///
    /// - Parameters:
    ///   - bytes: The file.
    ///   - limit: The most bytes to produce.
    /// - Throws: ``Failure`` for data that are damaged, cut short or too large.
    package static func decompress(
        _ bytes: [UInt8], limit: Int = SourceFile.defaultLimit
    ) throws(Failure) -> [UInt8] {
        var stream = z_stream()
        guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, streamSize) == Z_OK else { throw outOfMemory }
        defer { inflateEnd(&stream) }

        var output: [UInt8] = []
        output.reserveCapacity(min(statedSize(bytes), limit))
        var chunk = [UInt8](repeating: 0, count: 1 << 17)
        var consumed = 0
        while true {
            let (status, taken, produced) = step(&stream, bytes, from: consumed, into: &chunk)
            consumed += taken
            guard output.count + produced <= limit else {
                throw Failure(kind: .tooLarge, message: "unpacks to more than \(limit) bytes, the most that is read")
            }
            guard output.count < largestDense || output.count / max(consumed, 1) <= mostDense else {
                throw Failure(
                    kind: .tooLarge,
                    message: "unpacks to more than \(mostDense) times its size, as no log or description does")
            }
            output += chunk[..<produced]
            switch status {
            case Z_STREAM_END:
                if bytes[consumed...].allSatisfy({ $0 == 0 }) { return output }
                inflateReset(&stream)
            case Z_OK where taken > 0 || produced > 0:
                continue
            case Z_OK, Z_BUF_ERROR:
                throw Failure(kind: .truncated, message: "is cut short: its gzip data end after \(bytes.count) bytes")
            default:
                throw Failure(kind: .damaged, message: "has damaged gzip data near byte \(consumed)")
            }
        }
    }

    /// How many times its own size a file may unpack to beyond ``largestDense`` bytes: a few KiB can hold a GiB of
    /// zeros.
    private static let mostDense = 400
    private static let largestDense = 256 << 20

    /// The size that the last member states, as far as data of this length can unpack to it (at most 1032 to 1).
    private static func statedSize(_ bytes: [UInt8]) -> Int {
        guard bytes.count >= 18 else { return 0 }
        let size = bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        return min(size, bytes.count.multipliedReportingOverflow(by: 1032).partialValue)
    }

    /// Compresses to one member without name or time, so that equal content gives equal bytes.
    package static func compress(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBytes { input in
            var stream = DeflateStream()
            return stream.pack(input, isLast: true)
        }
    }

    private static let streamSize = Int32(MemoryLayout<z_stream>.size)
    private static let outOfMemory = Failure(kind: .tooLarge, message: "cannot be unpacked: out of memory")

    private static func step(
        _ stream: inout z_stream, _ bytes: [UInt8], from: Int, into chunk: inout [UInt8]
    ) -> (status: Int32, taken: Int, produced: Int) {
        bytes.withUnsafeBufferPointer { input in
            transfer(&stream, input, from: from, count: min(bytes.count - from, 1 << 30), into: &chunk) {
                inflate(&$0, Z_NO_FLUSH)
            }
        }
    }

    /// One call of zlib, which takes as much input as it can and gives as much output as there is room for.
    private static func transfer(
        _ stream: inout z_stream, _ input: UnsafeBufferPointer<UInt8>, from: Int, count: Int,
        into chunk: inout [UInt8], _ call: (inout z_stream) -> Int32
    ) -> (status: Int32, taken: Int, produced: Int) {
        chunk.withUnsafeMutableBufferPointer { output in
            stream.next_in = input.baseAddress.map { UnsafeMutablePointer(mutating: $0 + from) }
            stream.avail_in = UInt32(count)
            stream.next_out = output.baseAddress
            stream.avail_out = UInt32(output.count)
            let status = call(&stream)
            return (status, count - Int(stream.avail_in), output.count - Int(stream.avail_out))
        }
    }
}
