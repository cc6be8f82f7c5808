import SourceText

/// Reads a ``BlockFile`` block by block, in constant memory. Nothing in the file is believed unchecked.
struct BlockReader: ~Copyable {
    struct Block {
        var kind: UInt8
        /// What the block says it has of whatever it holds.
        var count: Int
        /// In bytes from the file's start, for messages.
        var start: Int
    }

    /// The content of the last block read.
    var payload: [UInt8] = []
    /// How far reading has come, in bytes of the file as it is after decompression.
    private(set) var offset = 0

    private let file: BlockFile
    private var stream: ByteStream
    private var packed: [UInt8] = []

    init(_ stream: consuming ByteStream, _ file: BlockFile) {
        self.stream = stream
        self.file = file
    }

    var name: String { stream.name }
    var consumed: Int { stream.consumed }
    var size: Int? { stream.size }

    /// Reads and checks the header.
    mutating func readHeader() throws(TraceError) -> [UInt8] {
        // First the beginning: a file of another kind may be shorter than the whole.
        var header = [UInt8](repeating: 0, count: file.magic.count)
        var rest = [UInt8](repeating: 0, count: BlockFile.headerSize - file.magic.count)
        try read(into: &header)
        guard header == file.magic else {
            throw damaged("is not \(file.what) of this program: its first eight bytes are others", at: 0)
        }
        try read(into: &rest)
        header += rest
        let version = header.number(at: 8, as: UInt16.self)
        guard file.oldestVersion <= version, version <= file.version else {
            let known =
                file.oldestVersion == file.version
                ? "version \(file.version)" : "versions \(file.oldestVersion) to \(file.version)"
            throw TraceError(
                source: name, offset: 8, kind: .version,
                message: "is \(file.what) of version \(version); this program reads \(known). \(file.remedy)")
        }
        guard Self.checksum(header, of: 28) == header.number(at: 28, as: UInt32.self) else {
            throw damaged("the header's checksum is wrong", at: 28)
        }
        return header
    }

    /// Reads the next block, whose content is then in ``payload``.
    mutating func readBlock() throws(TraceError) -> Block {
        let start = offset
        var header = [UInt8](repeating: 0, count: BlockFile.blockHeaderSize)
        try read(into: &header)
        guard Self.checksum(header, of: 20) == header.number(at: 20, as: UInt32.self) else {
            throw damaged("the checksum of a block's header is wrong", at: start)
        }
        guard let packing = BlockFile.Packing(rawValue: header[1]) else {
            throw damaged("a block is packed in an unknown way", at: start)
        }
        let size = Int(header.number(at: 8, as: UInt32.self))
        let packedSize = Int(header.number(at: 12, as: UInt32.self))
        guard size <= BlockFile.largestBlock, packedSize <= size else {
            throw damaged(
                "a block claims \(max(size, packedSize)) bytes, more than the "
                    + "\(min(size, BlockFile.largestBlock)) it may have", at: start)
        }
        var bytes: [UInt8] = []
        swap(&bytes, &packed)
        if bytes.count != packedSize { bytes = [UInt8](repeating: 0, count: packedSize) }
        try read(into: &bytes)
        swap(&bytes, &packed)
        try unpack(packing, size: size, blockStart: start)
        let sum = payload.withUnsafeBytes { DeflateBlock.checksum($0) }
        guard sum == header.number(at: 16, as: UInt32.self) else {
            throw damaged("the checksum of a block's content is wrong", at: start)
        }
        return Block(kind: header[0], count: Int(header.number(at: 4, as: UInt32.self)), start: start)
    }

    /// Makes sure that the file ends here.
    mutating func readEnd() throws(TraceError) {
        let rest: [UInt8]
        do { rest = try stream.peek(1) } catch { throw TraceError(error) }
        guard rest.isEmpty else { throw damaged("there is more in the file than its end block says", at: offset) }
    }

    /// Goes on at a block further on, where reading had come before.
    mutating func skip(to offset: Int) throws(TraceError) {
        let distance = offset - self.offset
        guard distance >= 0, try skip(distance) else {
            throw TraceError(source: name, offset: offset, kind: .truncated, message: "ends before this place")
        }
        self.offset = offset
    }

    private mutating func skip(_ count: Int) throws(TraceError) -> Bool {
        do {
            return try stream.skip(count)
        } catch { throw TraceError(error) }
    }

    private mutating func unpack(_ packing: BlockFile.Packing, size: Int, blockStart: Int) throws(TraceError) {
        guard packing == .compressed else {
            guard packed.count == size else { throw damaged("a stored block has two sizes", at: blockStart) }
            swap(&packed, &payload)
            return
        }
        if payload.count != size { payload = [UInt8](repeating: 0, count: size) }
        let isWhole = Self.unpack(packed, into: &payload)
        guard isWhole else { throw damaged("a block's compressed data are damaged", at: blockStart) }
    }

    private static func unpack(_ packed: [UInt8], into payload: inout [UInt8]) -> Bool {
        packed.withUnsafeBytes { packed in
            payload.withUnsafeMutableBytes { DeflateBlock.decompress(packed, into: $0) }
        }
    }

    /// Of the first `count` bytes.
    private static func checksum(_ bytes: [UInt8], of count: Int) -> UInt32 {
        bytes.withUnsafeBytes { DeflateBlock.checksum(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }

    /// Fills an array.
    private mutating func read(into bytes: inout [UInt8]) throws(TraceError) {
        let count = bytes.count
        var done = 0
        while done < count {
            let from = done
            let got: Int
            do {
                got = try bytes.withUnsafeMutableBufferPointer { buffer throws(SourceError) in
                    try stream.read(into: UnsafeMutableBufferPointer(rebasing: buffer[from...]))
                }
            } catch { throw TraceError(error) }
            guard got > 0 else {
                throw TraceError(
                    source: name, offset: offset + done, kind: .truncated,
                    message: "the file is cut short here: it has no end block")
            }
            done += got
        }
        offset += count
    }

    func damaged(_ message: String, at offset: Int) -> TraceError {
        TraceError(source: name, offset: offset, kind: .damaged, message: message)
    }
}
