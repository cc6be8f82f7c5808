/// Reads a ``BlockFile`` whose blocks are pieces of one content. A block's count is its position, from 0; the count of
/// the end block is the number of pieces. No number crosses the end of a block, but longer items may.
package struct BlockContentReader: ~Copyable {
    private var blocks: BlockReader
    private let what: String
    private let pieceKind: UInt8
    private let endKind: UInt8
    /// The most content that is read, in bytes.
    private let limit: Int

    /// How far the current block has been read.
    private var place = 0
    private var blockStart = 0
    private var blocksRead = 0
    private var bytesRead = 0

    /// Begins a file, and checks its header.
    ///
    /// - Parameters:
    ///   - stream: The file.
    ///   - file: The kind of file.
    ///   - pieceKind: The kind of blocks that hold content.
    ///   - endKind: The kind of the last block, which holds none.
    ///   - limit: The most content that is read, in bytes.
    package init(
        _ stream: consuming ByteStream, _ file: BlockFile, pieceKind: UInt8, endKind: UInt8, limit: Int = .max
    ) throws(StreamError) {
        blocks = BlockReader(stream, file)
        what = file.what
        self.pieceKind = pieceKind
        self.endKind = endKind
        self.limit = limit
        _ = try blocks.readHeader()
    }

    /// Reads a number of eight bytes, lowest first.
    package mutating func word() throws(StreamError) -> UInt64 {
        try loadIfEmpty()
        guard place + 8 <= blocks.payload.count else { throw damaged("a number is cut short") }
        defer { place += 8 }
        return blocks.payload.number(at: place, as: UInt64.self)
    }

    /// Reads a number of seven bits to a byte, lowest first, in at most ten bytes; the highest bit says that more
    /// follow.
    package mutating func packedNumber() throws(StreamError) -> UInt64 {
        try loadIfEmpty()
        var number: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 64, place < blocks.payload.count {
            let byte = blocks.payload[place]
            place += 1
            number |= UInt64(byte & 127) &<< shift
            if byte < 128 { return number }
            shift += 7
        }
        throw damaged("a number is cut short, or too long")
    }

    /// Reads bytes, from as many blocks as necessary. Memory is only allocated for bytes that exist.
    package mutating func bytes(_ count: Int) throws(StreamError) -> [UInt8] {
        var left = count
        var bytes: [UInt8] = []
        while left > 0 {
            try loadIfEmpty()
            let part = blocks.payload[place...].prefix(left)
            bytes += part
            place += part.count
            left -= part.count
        }
        return bytes
    }

    /// Throws unless everything has been read.
    package mutating func finish() throws(StreamError) {
        let surplus = "there is more in it than \(what) has"
        guard place == blocks.payload.count else { throw damaged(surplus) }
        let block = try blocks.readBlock()
        guard block.kind == endKind, block.count == blocksRead else { throw damaged(surplus) }
        try blocks.readEnd()
    }

    /// An error in the current block.
    package func damaged(_ message: String) -> StreamError { blocks.damaged(message, at: blockStart) }

    /// Reads the next block if nothing is left of this one.
    private mutating func loadIfEmpty() throws(StreamError) {
        while place == blocks.payload.count {
            let block = try blocks.readBlock()
            blockStart = block.start
            guard block.kind == pieceKind, block.count == blocksRead else {
                throw damaged("a block is missing, or is in another's place")
            }
            blocksRead += 1
            bytesRead += blocks.payload.count
            guard bytesRead <= limit else { throw damaged("there is more in it than \(limit >> 20) MiB") }
            place = 0
        }
    }
}
