/// Reads a ``BlockFile`` block by block, in constant memory. Nothing in the file is trusted unchecked.
///
/// In a file of large compressed blocks, the next ones are unpacked on a second core meanwhile.
package struct BlockReader: ~Copyable {
    /// A block's header.
    package struct Block {
        /// What the block holds, as its file defines it.
        package var kind: UInt8
        /// How many items the block says it holds.
        package var count: Int
        /// Where the block begins, in bytes from the file's start, for messages.
        package var start: Int
    }

    /// The content of the last block read.
    package var payload: [UInt8] = []
    /// How far blocks have been read, in bytes of the decompressed file.
    package private(set) var offset = 0

    private let file: BlockFile
    private var stream: ByteStream
    /// How far the stream has been read: ``offset`` plus the blocks in ``ahead``.
    private var position = 0
    /// Blocks read beyond the last one returned, in order.
    private var ahead: [Ahead] = []
    private let unpacking: BlockUnpacking?

    /// A block that was read before it was asked for.
    private enum Ahead {
        case block(PackedBlock)
        /// The second thread is unpacking its content.
        case unpacking(PackedBlock)
        /// There are no more blocks, or the next cannot be read.
        case failure(StreamError)
    }

    /// How many blocks are read ahead, and how many bytes one must have to be worth it.
    private static let depth = 8
    private static let smallestAhead = 1 << 14

    /// - Parameters:
    ///   - stream: The file.
    ///   - file: The kind of file.
    ///   - unpacksAhead: Whether to unpack on a second core; nil: if there is one.
    package init(_ stream: consuming ByteStream, _ file: BlockFile, unpacksAhead: Bool? = nil) {
        self.stream = stream
        self.file = file
        unpacking = unpacksAhead ?? BlockUnpacking.isUseful ? BlockUnpacking() : nil
    }

    /// The file's name.
    package var name: String { stream.name }
    /// How many bytes of the file have been read, before decompression.
    package var consumed: Int { stream.consumed }
    /// The file's size in bytes; nil for a pipe.
    package var size: Int? { stream.size }

    /// Reads and checks the header.
    package mutating func readHeader() throws(StreamError) -> [UInt8] {
        // First the magic number: a file of another kind may be shorter than the header.
        var header = try read(file.magic.count)
        guard header == file.magic else {
            throw damaged("is not \(file.what) of this program: its first eight bytes are different", at: 0)
        }
        header += try read(BlockFile.headerSize - file.magic.count)
        let version = header.number(at: 8, as: UInt16.self)
        guard file.oldestVersion <= version, version <= file.version else {
            let known =
                file.oldestVersion == file.version
                ? "version \(file.version)" : "versions \(file.oldestVersion) to \(file.version)"
            throw StreamError(
                source: name, offset: 8, kind: .version,
                message: "is \(file.what) of version \(version); this program reads \(known). \(file.remedy)")
        }
        guard Self.checksum(header, of: 28) == header.number(at: 28, as: UInt32.self) else {
            throw damaged("the header's checksum is wrong", at: 28)
        }
        offset = position
        return header
    }

    /// Reads the next block. Its content is then in ``payload``.
    package mutating func readBlock() throws(StreamError) -> Block {
        if ahead.isEmpty { ahead.append(.block(try readPacked())) }
        let block: PackedBlock
        let content: PackedBlock.Content
        switch ahead.removeFirst() {
        case .block(let next):
            if isWorthAhead(next) { readAhead() }
            block = next
            content = next.unpacked()
        case .unpacking(let next):
            if ahead.count <= Self.depth / 2, isWorthAhead(next) { readAhead() }
            block = next
            content = unpacking?.next() ?? .damaged("a block was lost")
        case .failure(let error): throw error
        }
        offset = block.end
        switch content {
        case .whole(let bytes): payload = bytes
        case .damaged(let message): throw damaged(message, at: block.start)
        }
        return Block(kind: block.kind, count: block.count, start: block.start)
    }

    /// Throws unless the file ends here.
    package mutating func readEnd() throws(StreamError) {
        let isEnd: Bool
        switch ahead.first {
        case nil:
            do { isEnd = try stream.peek(1).isEmpty } catch { throw StreamError(error) }
        case .failure(let error): isEnd = error.kind == .truncated && error.offset == offset
        case .block, .unpacking: isEnd = false
        }
        guard isEnd else { throw damaged("there is more in the file than its end block says", at: offset) }
    }

    /// Continues at a later block, at an offset that reading had reached before.
    package mutating func skip(to offset: Int) throws(StreamError) {
        precondition(ahead.isEmpty, "what was read ahead would be lost")
        let distance = offset - self.offset
        guard distance >= 0, try skip(distance) else {
            throw StreamError(source: name, offset: offset, kind: .truncated, message: "ends before this place")
        }
        self.offset = offset
        position = offset
    }

    private mutating func skip(_ count: Int) throws(StreamError) -> Bool {
        do {
            return try stream.skip(count)
        } catch { throw StreamError(error) }
    }

    // MARK: - Blocks as they are in the file

    /// Whether a block is worth handing over: unpacking a small one costs less than that.
    private func isWorthAhead(_ block: borrowing PackedBlock) -> Bool {
        unpacking != nil && block.packing == .compressed && block.size >= Self.smallestAhead
    }

    /// Reads blocks until enough are ahead, and hands them to the second thread. An error is reported when its block's
    /// turn comes.
    private mutating func readAhead() {
        var added: [PackedBlock] = []
        while ahead.count < Self.depth {
            if case .failure = ahead.last { break }
            do throws(StreamError) {
                let block = try readPacked()
                added.append(block)
                var known = block
                known.bytes = []
                ahead.append(.unpacking(known))
            } catch { ahead.append(.failure(error)) }
        }
        if !added.isEmpty { unpacking?.add(added) }
    }

    private mutating func readPacked() throws(StreamError) -> PackedBlock {
        let start = position
        let header = try read(BlockFile.blockHeaderSize)
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
        let bytes = try read(packedSize)
        return PackedBlock(
            kind: header[0], packing: packing, count: Int(header.number(at: 4, as: UInt32.self)), start: start,
            end: position, size: size, checksum: header.number(at: 16, as: UInt32.self), bytes: bytes)
    }

    /// The checksum of the first `count` bytes.
    private static func checksum(_ bytes: [UInt8], of count: Int) -> UInt32 {
        bytes.withUnsafeBytes { DeflateBlock.checksum(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }

    /// Reads exactly `count` bytes.
    private mutating func read(_ count: Int) throws(StreamError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let from = done
            let got: Int
            do {
                got = try bytes.withUnsafeMutableBufferPointer { buffer throws(SourceError) in
                    try stream.read(into: UnsafeMutableBufferPointer(rebasing: buffer[from...]))
                }
            } catch { throw StreamError(error) }
            guard got > 0 else {
                throw StreamError(
                    source: name, offset: position + done, kind: .truncated,
                    message: "the file is cut short here: it has no end block")
            }
            done += got
        }
        position += count
        return bytes
    }

    /// An error at an offset in the file.
    package func damaged(_ message: String, at offset: Int) -> StreamError {
        StreamError(source: name, offset: offset, kind: .damaged, message: message)
    }
}
