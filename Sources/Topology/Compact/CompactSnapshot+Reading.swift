import BuddyEngine
import GFP
import SourceText

extension CompactSnapshot {
    /// Reads the compact form. Nothing in it is believed unchecked: the checksums first, then the JSON as any other, then
    /// every list against the machine.
    package static func check(_ source: SourceFile) -> (snapshot: Snapshot?, problems: [SourceProblem]) {
        do {
            var reader = try CompactReader(ByteStream(name: source.name, bytes: source.bytes))
            let text = try reader.text()
            var (snapshot, problems) = Snapshot.check(
                try JSONDocument(SourceFile(name: source.name, bytes: text)))
            guard var zones = snapshot?.zones else { return (nil, problems) }
            for index in zones.indices { try reader.read(&zones[index]) }
            try reader.finish()
            snapshot?.zones = zones
            if let problem = snapshot?.firstProblem() {
                return (nil, problems + [SourceProblem(at: [], source: source.name, problem)])
            }
            return (snapshot, problems)
        } catch let error as SourceError {
            return (nil, [SourceProblem(error)])
        } catch {
            return (nil, [SourceProblem(at: [], source: source.name, (error as? BlockError)?.sentence ?? "\(error)")])
        }
    }
}

extension BlockError {
    /// Without the file's name.
    fileprivate var sentence: String { offset.map { "byte \($0): \(message)" } ?? message }
}

/// Reads what a `CompactWriter` wrote.
private struct CompactReader: ~Copyable {
    private var blocks: BlockReader
    private var place = 0
    private var blocksRead = 0
    private var blockStart = 0
    private var lastEnd: UInt64 = 0

    /// How much content was unpacked, in bytes. Each entry of a list has at least one.
    private var unpacked = 0

    /// Of a list, pageblocks or pages: a zone has no more pages.
    private static let mostEntries = 1 << 32

    init(_ stream: consuming ByteStream) throws(BlockError) {
        blocks = BlockReader(stream, CompactSnapshot.file)
        _ = try blocks.readHeader()
    }

    mutating func text() throws(BlockError) -> [UInt8] {
        var left = try count(atMost: SourceFile.defaultLimit)
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

    /// Puts the lists of a zone into it.
    mutating func read(_ zone: inout ZoneSnapshot) throws(BlockError) {
        lastEnd = zone.span.start.rawValue
        var lists: [FreeList] = []
        for _ in 0..<(try count(atMost: 16 * Migratetype.allCases.count)) { lists.append(try list()) }
        if case .lists = zone.free {
            zone.free = .lists(lists)
        } else if !lists.isEmpty {
            throw damaged("a zone of which only counts are known has lists")
        }
        guard zone.exact != nil else { return }
        for _ in 0..<(try count(atMost: Self.mostEntries)) {
            let (first, pages) = try run()
            let type = try type()
            zone.exact?.pageblocks.append(.init(first: first, count: pages, type: type))
        }
        for _ in 0..<(try count(atMost: Self.mostEntries)) {
            let (first, pages) = try run()
            guard let use = ExactZoneState.PageUse(rawValue: UInt8(try count(atMost: 255))) else {
                throw damaged("a page is used in an unknown way")
            }
            zone.exact?.pages.append(.init(first: first, count: pages, use: use))
        }
    }

    private mutating func list() throws(BlockError) -> FreeList {
        let order = Order(try count(atMost: 15))
        let type = try type()
        var list = FreeList(order: order, type: type, runs: [])
        for _ in 0..<(try count(atMost: Self.mostEntries)) {
            let number = try number()
            let first = try frame(number >> 1)
            let blocks = number & 1 == 0 ? 1 : try count(atMost: Int(BuddySpan.largestSpan))
            lastEnd = first.rawValue + UInt64(blocks * order.pages)
            list.runs.append(.init(first: first, count: blocks))
        }
        return list
    }

    /// Of pageblocks the count is theirs, and not the pages': the next is told from there all the same.
    private mutating func run() throws(BlockError) -> (PageFrame, Int) {
        let first = try frame(try number())
        let count = try count(atMost: Int(BuddySpan.largestSpan))
        lastEnd = first.rawValue + UInt64(count)
        return (first, count)
    }

    private mutating func type() throws(BlockError) -> Migratetype {
        guard let type = Migratetype(rawValue: UInt8(try count(atMost: 255))) else {
            throw damaged("a list is of an unknown type")
        }
        return type
    }

    /// The page frame at a distance from the last end.
    private func frame(_ distance: UInt64) throws(BlockError) -> PageFrame {
        let frame = lastEnd &+ (distance >> 1 ^ (0 &- (distance & 1)))
        guard frame <= 1 << 52 else { throw damaged("a page frame is beyond 2^52") }
        return PageFrame(rawValue: frame)
    }

    private mutating func count(atMost limit: Int) throws(BlockError) -> Int {
        let number = try number()
        guard number <= UInt64(limit) else { throw damaged("\(number) is more than the \(limit) that there can be") }
        return Int(number)
    }

    /// The number that begins here, of at most ten bytes.
    private mutating func number() throws(BlockError) -> UInt64 {
        try load()
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

    /// Makes sure that nothing is left.
    mutating func finish() throws(BlockError) {
        guard place == blocks.payload.count else { throw damaged("there is more in it than a snapshot has") }
        let block = try blocks.readBlock()
        guard block.kind == CompactSnapshot.end, block.count == blocksRead else {
            throw damaged("there is more in it than a snapshot has")
        }
        try blocks.readEnd()
    }

    /// Reads the next block if there is nothing left of this one.
    private mutating func load() throws(BlockError) {
        while place == blocks.payload.count {
            let block = try blocks.readBlock()
            blockStart = block.start
            guard block.kind == CompactSnapshot.content, block.count == blocksRead else {
                throw damaged("a block is missing, or is in another's place")
            }
            blocksRead += 1
            unpacked += blocks.payload.count
            guard unpacked <= SourceFile.defaultLimit else { throw damaged("there is more in it than 1 GiB") }
            place = 0
        }
    }

    private func damaged(_ message: String) -> BlockError { blocks.damaged(message, at: blockStart) }
}
