import SystemPackage

/// A source read piece by piece, in constant memory: a file, a pipe, or standard input.
///
/// Content that begins like a gzip file is decompressed.
public struct ByteStream: ~Copyable {
    /// The path as the user gave it, or "standard input".
    public let name: String
    /// The file's size in bytes; nil for a pipe.
    public let size: Int?
    /// Bytes read from the file so far, before decompression.
    public private(set) var consumed = 0

    /// nil for a source in memory.
    private let descriptor: FileDescriptor?
    private var input: [UInt8]
    private var start = 0
    private var end = 0
    private var hasEnded = false
    private var hasBegun = false
    private var inflater: InflateStream?
    /// What ``peek(_:)`` has read ahead.
    private var ahead: [UInt8] = []

    private static let bufferSize = 1 << 17

    /// Opens a source; `-` is standard input.
    ///
    /// - Throws: ``SourceError`` for a path that is missing, a directory or unreadable.
    public init(_ path: String) throws(SourceError) {
        let name = path == "-" ? "standard input" : path
        let (descriptor, size) = try FileDescriptor.openSource(path, name: name)
        self.init(name: name, descriptor: descriptor, size: size)
    }

    /// A source in memory.
    public init(name: String, bytes: [UInt8]) {
        self.init(name: name, descriptor: nil, size: bytes.count)
        input = bytes
        end = bytes.count
        consumed = bytes.count
        hasEnded = true
    }

    private init(name: String, descriptor: FileDescriptor?, size: Int?) {
        self.name = name
        self.size = size
        self.descriptor = descriptor
        input = [UInt8](repeating: 0, count: Self.bufferSize)
        inflater = nil
    }

    deinit {
        descriptor?.closeSource()
    }

    /// Fills a buffer as far as one read goes.
    ///
    /// - Returns: How many bytes were read; 0 only at the end.
    /// - Throws: ``SourceError`` if reading fails, or for gzip data that are damaged or cut short.
    public mutating func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(SourceError) -> Int {
        guard !buffer.isEmpty else { return 0 }
        if !ahead.isEmpty {
            let count = min(ahead.count, buffer.count)
            for index in 0..<count { buffer[index] = ahead[index] }
            ahead.removeFirst(count)
            return count
        }
        if !hasBegun { try begin() }
        guard inflater != nil else { return try readPlain(into: buffer) }
        while true {
            if start == end, !hasEnded { try refill() }
            let produced = try inflateStep(into: buffer)
            if produced > 0 { return produced }
            if start == end, hasEnded {
                guard inflater?.isAtMemberStart == true else {
                    throw SourceError(
                        source: name, kind: .truncated,
                        message: "is cut short: its gzip data end after \(consumed) bytes")
                }
                return 0
            }
        }
    }

    /// The next bytes, fewer only at the end; ``read(into:)`` returns them again.
    public mutating func peek(_ count: Int) throws(SourceError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var part = [UInt8](repeating: 0, count: count - bytes.count)
            let got = try part.withUnsafeMutableBufferPointer { buffer throws(SourceError) in try read(into: buffer) }
            guard got > 0 else { break }
            bytes += part[..<got]
        }
        ahead = bytes
        return bytes
    }

    /// Skips bytes, counted after decompression; an uncompressed file is not even read.
    ///
    /// - Returns: False if there are not that many left.
    public mutating func skip(_ count: Int) throws(SourceError) -> Bool {
        var left = count
        let scratch = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: Self.bufferSize)
        defer { scratch.deallocate() }
        while left > 0 {
            if hasBegun, inflater == nil, ahead.isEmpty, start == end, let descriptor, let size {
                guard left <= size - consumed, (try? descriptor.seek(offset: Int64(left), from: .current)) != nil
                else { return false }
                consumed += left
                return true
            }
            let got = try read(into: UnsafeMutableBufferPointer(rebasing: scratch[..<min(left, scratch.count)]))
            guard got > 0 else { return false }
            left -= got
        }
        return true
    }

    /// Checks whether the content is compressed. A pipe may deliver its first byte alone, but the magic number has two.
    private mutating func begin() throws(SourceError) {
        hasBegun = true
        while end < 2, !hasEnded { try fill() }
        if end >= 2, input[0] == 0x1F, input[1] == 0x8B { inflater = InflateStream(.gzip) }
    }

    private mutating func readPlain(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(SourceError) -> Int {
        if start < end {
            let count = min(end - start, buffer.count)
            for index in 0..<count { buffer[index] = input[start + index] }
            start += count
            return count
        }
        guard !hasEnded else { return 0 }
        guard let descriptor else { return 0 }
        let count = try descriptor.read(into: buffer, name: name)
        consumed += count
        hasEnded = count == 0
        return count
    }

    private mutating func inflateStep(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(SourceError) -> Int {
        let (from, to) = (start, end)
        let step = input.withUnsafeBufferPointer { bytes in
            inflater?.step(UnsafeBufferPointer(rebasing: bytes[from..<to]), into: buffer)
        }
        guard let step else { return 0 }
        start += step.taken
        if step.isDamaged {
            throw SourceError(
                source: name, kind: .damaged, message: "has damaged gzip data near byte \(consumed - (end - start))")
        }
        return step.produced
    }

    private mutating func refill() throws(SourceError) {
        start = 0
        end = 0
        try fill()
    }

    /// Appends the result of one system call to ``input``.
    private mutating func fill() throws(SourceError) {
        guard let descriptor else { return }
        let (name, end) = (name, end)
        let count = try input.withUnsafeMutableBufferPointer { bytes throws(SourceError) in
            try descriptor.read(into: UnsafeMutableBufferPointer(rebasing: bytes[end...]), name: name)
        }
        self.end += count
        consumed += count
        hasEnded = count == 0
    }
}
