import SourceText

/// Writes numbers and texts in sequence; ``CheckpointDecoder`` reads them in the same order.
struct CheckpointEncoder: ~Copyable {
    private var blocks: BlockWriter
    private var payload: [UInt8] = []
    private var blocksWritten = 0

    /// The kinds of blocks: with content, and the last one.
    static let content: UInt8 = 0x43
    static let end: UInt8 = 0x5A

    init(path: String) throws(TraceError) {
        blocks = try BlockWriter.create(path, ReplayCheckpoint.file, packing: .compressed)
    }

    mutating func put(_ number: UInt64) throws(TraceError) {
        if payload.count + 8 > BlockFile.largestBlock { try flush() }
        withUnsafeBytes(of: number.littleEndian) { payload.append(contentsOf: $0) }
    }

    mutating func put(_ number: Int) throws(TraceError) { try put(UInt64(bitPattern: Int64(number))) }

    mutating func put(_ flag: Bool) throws(TraceError) { try put(flag ? 1 as UInt64 : 0) }

    /// Writes how many numbers there are, then the numbers.
    mutating func put(_ numbers: [UInt64]) throws(TraceError) {
        try put(numbers.count)
        for number in numbers { try put(number) }
    }

    mutating func put(_ numbers: [Int]) throws(TraceError) {
        try put(numbers.map { UInt64(bitPattern: Int64($0)) })
    }

    mutating func put(_ bytes: [UInt8]) throws(TraceError) {
        try put(bytes.count)
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = rest.prefix(BlockFile.largestBlock - payload.count)
            payload += part
            rest = rest.dropFirst(part.count)
            if payload.count == BlockFile.largestBlock { try flush() }
        }
    }

    mutating func put(_ text: String) throws(TraceError) { try put(Array(text.utf8)) }

    /// Writes what is pending, and puts the file in its place.
    mutating func finish() throws(TraceError) {
        try flush()
        try blocks.write(kind: Self.end, count: blocksWritten, [])
        try blocks.finish()
    }

    private mutating func flush() throws(TraceError) {
        guard !payload.isEmpty else { return }
        try blocks.write(kind: Self.content, count: blocksWritten, payload)
        blocksWritten += 1
        payload.removeAll(keepingCapacity: true)
    }
}
