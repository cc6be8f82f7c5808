/// Reads a ``BlockFile`` block by block, in constant memory. Nothing in the file is believed unchecked.
///
/// Where a file has one large compressed block after another, the next ones are unpacked on a second core meanwhile.
package struct BlockReader: ~Copyable {
    package struct Block {
        package var kind: UInt8
        /// What the block says it has of whatever it holds.
        package var count: Int
        /// In bytes from the file's start, for messages.
        package var start: Int
    }

    /// The content of the last block read.
    package var payload: [UInt8] = []
    /// How far reading has come, in bytes of the file as it is after decompression.
    package private(set) var offset = 0

    private let file: BlockFile
    private var stream: ByteStream
    /// How far the stream has been read: beyond ``offset`` by what lies in ``ahead``.
    private var position = 0
    /// What has been read beyond the last block, in order.
    private var ahead: [Ahead] = []
    private let unpacking: BlockUnpacking?

    /// A block that has been read before it was asked for.
    private enum Ahead {
        case block(PackedBlock)
        /// Its content is with the second thread.
        case unpacking(PackedBlock)
        /// There is no more, or none that can be read.
        case failure(StreamError)
    }

    /// How many blocks are read ahead at once, and how large one must be for that.
    private static let depth = 8
    private static let smallestAhead = 1 << 14

    /// - Parameter unpacksAhead: nil: where there is a second core.
    package init(_ stream: consuming ByteStream, _ file: BlockFile, unpacksAhead: Bool? = nil) {
        self.stream = stream
        self.file = file
        unpacking = unpacksAhead ?? BlockUnpacking.isUseful ? BlockUnpacking() : nil
    }

    package var name: String { stream.name }
    package var consumed: Int { stream.consumed }
    package var size: Int? { stream.size }

    /// Reads and checks the header.
    package mutating func readHeader() throws(StreamError) -> [UInt8] {
        // First the beginning: a file of another kind may be shorter than the whole.
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

    /// Reads the next block, whose content is then in ``payload``.
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

    /// Makes sure that the file ends here.
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

    /// Continues at a block further on, where reading had come before.
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

    /// Unpacking a small block costs less than to hand it over.
    private func isWorthAhead(_ block: borrowing PackedBlock) -> Bool {
        unpacking != nil && block.packing == .compressed && block.size >= Self.smallestAhead
    }

    /// Reads blocks until enough are ahead, and hands them to the second thread. What keeps one from being read is reported when
    /// its turn comes.
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

    /// Of the first `count` bytes.
    private static func checksum(_ bytes: [UInt8], of count: Int) -> UInt32 {
        bytes.withUnsafeBytes { DeflateBlock.checksum(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }

    /// The next bytes, that many.
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

    package func damaged(_ message: String, at offset: Int) -> StreamError {
        StreamError(source: name, offset: offset, kind: .damaged, message: message)
    }
}
