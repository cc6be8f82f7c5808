import CZlib

/// Decompression piece by piece, in constant memory.
struct InflateStream: ~Copyable {
    enum Form: Int32 {
        /// RFC 1952: one or more members, with zero bytes allowed after the last.
        case gzip = 31
    }

    struct Step {
        var taken: Int
        var produced: Int
        var isDamaged = false
    }

    /// Whether nothing of a member has been read yet, so that input may end here.
    private(set) var isAtMemberStart = true
    private var hasEndedOnce = false
    // zlib's state points back at the stream, which therefore must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    init(_ form: Form) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status = inflateInit2_(stream, form.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib cannot start: out of memory")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Takes as much of the input as possible, and gives as much output as there is room for.
    mutating func step(_ input: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>) -> Step {
        var skipped = 0
        if isAtMemberStart, hasEndedOnce {
            while skipped < input.count, input[skipped] == 0 { skipped += 1 }
        }
        let count = min(input.count - skipped, 1 << 30)
        guard count > 0 || !isAtMemberStart else { return Step(taken: skipped, produced: 0) }
        stream.pointee.next_in = input.baseAddress.map { UnsafeMutablePointer(mutating: $0 + skipped) }
        stream.pointee.avail_in = UInt32(count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(min(output.count, 1 << 30))
        let room = Int(stream.pointee.avail_out)
        if count > 0 { isAtMemberStart = false }
        let status = inflate(stream, Z_NO_FLUSH)
        let step = Step(
            taken: skipped + count - Int(stream.pointee.avail_in),
            produced: room - Int(stream.pointee.avail_out),
            isDamaged: status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
        if status == Z_STREAM_END {
            inflateReset(stream)
            isAtMemberStart = true
            hasEndedOnce = true
        }
        return step
    }
}
