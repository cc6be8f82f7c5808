import SourceText

/// Reads what a ``CheckpointEncoder`` wrote. Every number is checked against the range it can have.
struct CheckpointDecoder: ~Copyable {
    private var blocks: BlockReader
    private var place = 0
    private var blocksRead = 0
    private var blockStart = 0

    init(_ stream: consuming ByteStream) throws(TraceError) {
        blocks = BlockReader(stream, ReplayCheckpoint.file)
        do { _ = try blocks.readHeader() } catch { throw TraceError(error) }
    }

    mutating func number() throws(TraceError) -> UInt64 {
        try load()
        guard place + 8 <= blocks.payload.count else { throw damaged("a number is cut short") }
        defer { place += 8 }
        return blocks.payload.number(at: place, as: UInt64.self)
    }

    /// A count unless noted: those of 2^50 and more, which could not be added up, nothing reaches.
    mutating func integer(_ range: ClosedRange<Int> = 0...(1 << 50)) throws(TraceError) -> Int {
        let number = Int(truncatingIfNeeded: try number())
        guard range.contains(number) else {
            throw damaged("\(number) stands where a number from \(range.lowerBound) to \(range.upperBound) must")
        }
        return number
    }

    mutating func flag() throws(TraceError) -> Bool { try integer(0...1) == 1 }

    /// - `limit`: The most there can be: memory is only taken for what is there.
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
        var left = try integer(0...limit)
        var bytes: [UInt8] = []
        while left > 0 {
            try load()
            let part = blocks.payload[place...].prefix(left)
            bytes += part
            place += part.count
            left -= part.count
        }
        return bytes
    }

    mutating func text(atMost limit: Int = 1 << 16) throws(TraceError) -> String {
        String(decoding: try bytes(atMost: limit), as: UTF8.self)
    }

    /// Makes sure that nothing is left.
    mutating func finish() throws(TraceError) {
        guard place == blocks.payload.count else { throw damaged("there is more in it than a checkpoint has") }
        let block = try readBlock()
        guard block.kind == CheckpointEncoder.end, block.count == blocksRead else {
            throw damaged("there is more in it than a checkpoint has")
        }
        do { try blocks.readEnd() } catch { throw TraceError(error) }
    }

    /// An error in the block being read.
    func damaged(_ message: String) -> TraceError {
        TraceError(blocks.damaged(message, at: blockStart))
    }

    /// Reads the next block if there is nothing left of this one.
    private mutating func load() throws(TraceError) {
        while place == blocks.payload.count {
            let block = try readBlock()
            blockStart = block.start
            guard block.kind == CheckpointEncoder.content, block.count == blocksRead else {
                throw damaged("a block is missing, or is in another's place")
            }
            blocksRead += 1
            place = 0
        }
    }

    private mutating func readBlock() throws(TraceError) -> BlockReader.Block {
        do { return try blocks.readBlock() } catch { throw TraceError(error) }
    }
}
