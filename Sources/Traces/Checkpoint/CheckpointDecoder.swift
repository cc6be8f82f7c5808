import SourceText

/// Reads what a ``CheckpointEncoder`` has written. Every number is checked against the range that it can have.
struct CheckpointDecoder: ~Copyable {
    private var content: BlockContentReader

    init(_ stream: consuming ByteStream) throws(TraceError) {
        content = try BlockContentReader(
            stream, ReplayCheckpoint.file, pieceKind: CheckpointEncoder.content, endKind: CheckpointEncoder.end)
    }

    mutating func number() throws(TraceError) -> UInt64 { try content.word() }

    /// Reads a number, by default a count: none reaches 2^50, and larger ones could overflow when added.
    mutating func integer(_ range: ClosedRange<Int> = 0...(1 << 50)) throws(TraceError) -> Int {
        let number = Int(truncatingIfNeeded: try number())
        guard range.contains(number) else {
            throw damaged("\(number) is not a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    mutating func flag() throws(TraceError) -> Bool { try integer(0...1) == 1 }

    /// Reads a list of numbers, at most `limit`. Memory is only allocated for numbers that exist.
    mutating func numbers(atMost limit: Int = 1 << 40) throws(TraceError) -> [UInt64] {
        let count = try integer(0...limit)
        var numbers: [UInt64] = []
        for _ in 0..<count { numbers.append(try number()) }
        return numbers
    }

    mutating func integers(
        _ range: ClosedRange<Int> = 0...(1 << 50), atMost limit: Int = 1 << 40
    ) throws(TraceError) -> [Int] {
        let count = try integer(0...limit)
        var numbers: [Int] = []
        for _ in 0..<count { numbers.append(try integer(range)) }
        return numbers
    }

    mutating func bytes(atMost limit: Int = SourceFile.defaultLimit) throws(TraceError) -> [UInt8] {
        try content.bytes(try integer(0...limit))
    }

    mutating func text(atMost limit: Int = 1 << 16) throws(TraceError) -> String {
        String(decoding: try bytes(atMost: limit), as: UTF8.self)
    }

    /// Throws unless everything has been read.
    mutating func finish() throws(TraceError) { try content.finish() }

    /// An error in the current block.
    func damaged(_ message: String) -> TraceError { content.damaged(message) }
}
