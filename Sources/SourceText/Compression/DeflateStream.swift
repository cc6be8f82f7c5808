import CZlib

/// Compression to one gzip member (RFC 1952), piece by piece, without name or time, so that equal content gives equal
/// bytes.
struct DeflateStream: ~Copyable {
    // zlib's state points back at the stream, which therefore must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status = deflateInit2_(
            stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib cannot start: out of memory")
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Compresses all of the input and returns the output so far; with `isLast`, the rest and the member's end.
    mutating func pack(_ input: UnsafeRawBufferPointer, isLast: Bool = false) -> [UInt8] {
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        var taken = 0
        while true {
            let count = min(input.count - taken, 1 << 30)
            let flush = isLast && taken + count == input.count ? Z_FINISH : Z_NO_FLUSH
            let (status, left, produced) = step(input, from: taken, count: count, flush, into: &chunk)
            taken += count - left
            output += chunk[..<produced]
            let isDone = isLast ? status == Z_STREAM_END : taken == input.count && produced < chunk.count
            if isDone { return output }
        }
    }

    private func step(
        _ input: UnsafeRawBufferPointer, from: Int, count: Int, _ flush: Int32, into chunk: inout [UInt8]
    ) -> (status: Int32, left: Int, produced: Int) {
        let bytes = input.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.next_in = bytes.map { UnsafeMutablePointer(mutating: $0 + from) }
        stream.pointee.avail_in = UInt32(count)
        return chunk.withUnsafeMutableBufferPointer { output in
            stream.pointee.next_out = output.baseAddress
            stream.pointee.avail_out = UInt32(output.count)
            let status = deflate(stream, flush)
            return (status, Int(stream.pointee.avail_in), output.count - Int(stream.pointee.avail_out))
        }
    }
}
