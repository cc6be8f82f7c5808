import BuddyEngine
import GFP
import SourceText

extension CompactSnapshot {
    /// Reads the compact form. Nothing in it is trusted: the checksums are verified first, then the JSON like any
    /// other, then every list against the machine.
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
            return (nil, [SourceProblem(at: [], source: source.name, (error as? StreamError)?.sentence ?? "\(error)")])
        }
    }
}

/// Reads what a `CompactWriter` has written.
private struct CompactReader: ~Copyable {
    private var content: BlockContentReader
    private var lastEnd: UInt64 = 0

    /// The most entries of a list: no zone has more pageblocks or pages.
    private static let mostEntries = 1 << 32

    /// The limit on content bounds memory, too: each entry of a list takes at least a byte.
    init(_ stream: consuming ByteStream) throws(StreamError) {
        content = try BlockContentReader(
            stream, CompactSnapshot.file, pieceKind: CompactSnapshot.content, endKind: CompactSnapshot.end,
            limit: SourceFile.defaultLimit)
    }

    mutating func text() throws(StreamError) -> [UInt8] {
        try content.bytes(try count(atMost: SourceFile.defaultLimit))
    }

    /// Fills in the lists of a zone.
    mutating func read(_ zone: inout ZoneSnapshot) throws(StreamError) {
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

    private mutating func list() throws(StreamError) -> FreeList {
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

    /// Reads a run of pages or pageblocks. The next run's distance counts from `first + count` even if `count` is in
    /// pageblocks; the writer does the same.
    private mutating func run() throws(StreamError) -> (PageFrame, Int) {
        let first = try frame(try number())
        let count = try count(atMost: Int(BuddySpan.largestSpan))
        lastEnd = first.rawValue + UInt64(count)
        return (first, count)
    }

    private mutating func type() throws(StreamError) -> Migratetype {
        guard let type = Migratetype(rawValue: UInt8(try count(atMost: 255))) else {
            throw damaged("a list is of an unknown type")
        }
        return type
    }

    /// The page frame at a distance from the last end.
    private func frame(_ distance: UInt64) throws(StreamError) -> PageFrame {
        let frame = lastEnd &+ (distance >> 1 ^ (0 &- (distance & 1)))
        guard frame <= 1 << 52 else { throw damaged("a page frame is beyond 2^52") }
        return PageFrame(rawValue: frame)
    }

    private mutating func count(atMost limit: Int) throws(StreamError) -> Int {
        let number = try number()
        guard number <= UInt64(limit) else { throw damaged("\(number) is more than the \(limit) that there can be") }
        return Int(number)
    }

    private mutating func number() throws(StreamError) -> UInt64 { try content.packedNumber() }

    /// Makes sure that nothing is left.
    mutating func finish() throws(StreamError) { try content.finish() }

    private func damaged(_ message: String) -> StreamError { content.damaged(message) }
}
