import BuddyEngine
import GFP
import SourceText

/// Reads the binary form of a trace block by block, in constant memory. Nothing in the file is trusted unchecked.
struct BinaryTraceReader: TraceReader, ~Copyable {
    static let isBinary = true

    var vocabulary = TraceVocabulary()
    /// How many events have been read, including marks and losses.
    var events = 0
    var lostEvents = 0
    /// The kernel that wrote the trace, if the file says so.
    private(set) var kernel: KernelVersion?

    var blocks: BlockReader
    private var hasEnded = false
    /// The words of the last block of events.
    private var words: [UInt64] = []
    var time: UInt64 = 0
    var tasks = [UInt32](repeating: 0, count: 1 << 12)

    /// - Throws: ``TraceError`` if the file is not a binary trace, or has another version.
    static func open(_ stream: consuming ByteStream) throws(TraceError) -> BinaryTraceReader {
        var reader = BinaryTraceReader(stream)
        try reader.readHeader()
        return reader
    }

    private init(_ stream: consuming ByteStream) { blocks = BlockReader(stream, BinaryTrace.file) }

    /// How many masks and marks have been read.
    var vocabularySize: Int { vocabulary.masks.count + vocabulary.marks.count }

    var name: String { blocks.name }
    var consumed: Int { blocks.consumed }
    var size: Int? { blocks.size }

    /// What the file stores of its text's statistics.
    var tally: TraceTally {
        var tally = TraceTally()
        tally.lostEvents = lostEvents
        return tally
    }

    /// Replaces the events in `batch` by those of the next block.
    ///
    /// - Returns: False at the end of the trace, with `batch` empty.
    mutating func read(into batch: inout [TraceEvent]) throws(TraceError) -> Bool {
        batch.removeAll(keepingCapacity: true)
        while !hasEnded, batch.isEmpty { try readBlock(into: &batch) }
        return !batch.isEmpty
    }

    private mutating func readHeader() throws(TraceError) {
        let header = try blocks.readHeader()
        let major = Int(header.number(at: 12, as: UInt16.self))
        if major > 0 { kernel = KernelVersion(major, Int(header.number(at: 14, as: UInt16.self))) }
    }

    private mutating func readBlock(into batch: inout [TraceEvent]) throws(TraceError) {
        let block = try blocks.readBlock()
        switch BinaryTrace.BlockKind(rawValue: block.kind) {
        case .events: try takeEvents(block.count, into: &batch, blockStart: block.start)
        case .codedEvents: try takeCodedEvents(block.count, into: &batch, blockStart: block.start)
        case .masks: try takeMasks(block.count, blockStart: block.start)
        case .marks: try takeMarks(block.count, blockStart: block.start)
        case .end: try takeEnd(blockStart: block.start)
        case nil: throw damaged("a block is of an unknown kind", at: block.start)
        }
    }

    private mutating func takeEvents(
        _ count: Int, into batch: inout [TraceEvent], blockStart: Int
    ) throws(TraceError) {
        guard count * 8 == blocks.payload.count else {
            throw damaged("a block of events has another size", at: blockStart)
        }
        var bytes: [UInt8] = []
        swap(&bytes, &blocks.payload)
        defer { swap(&bytes, &blocks.payload) }
        try bytes.withUnsafeBufferPointer { words throws(TraceError) in
            try take(UnsafeRawBufferPointer(words), count, into: &batch, blockStart: blockStart)
        }
    }

    private mutating func takeCodedEvents(
        _ count: Int, into batch: inout [TraceEvent], blockStart: Int
    ) throws(TraceError) {
        var decoded: [UInt64] = []
        swap(&decoded, &words)
        defer { swap(&decoded, &words) }
        let isWhole = blocks.payload.withUnsafeBytes { WordCoding.decode($0, count: count, into: &decoded) }
        guard isWhole else { throw damaged("a block's coded events are damaged", at: blockStart) }
        try decoded.withUnsafeBufferPointer { words throws(TraceError) in
            try take(UnsafeRawBufferPointer(words), count, into: &batch, blockStart: blockStart)
        }
    }

    /// Converts words, lowest byte first, to events.
    private mutating func take(
        _ words: UnsafeRawBufferPointer, _ count: Int, into batch: inout [TraceEvent], blockStart: Int
    ) throws(TraceError) {
        var problem: (word: Int, message: String)?
        batch = [TraceEvent](unsafeUninitializedCapacity: count) { events, made in
            (made, problem) = decode(words, count, into: events)
        }
        if let problem { throw damaged("word \(problem.word) of the block \(problem.message)", at: blockStart) }
        events += batch.count
    }

    private mutating func decode(
        _ bytes: UnsafeRawBufferPointer, _ count: Int, into batch: UnsafeMutableBufferPointer<TraceEvent>
    ) -> (made: Int, problem: (word: Int, message: String)?) {
        var high: UInt64 = 0
        var made = 0
        let (masks, marks) = (vocabulary.masks.count, vocabulary.marks.count)
        for index in 0..<count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index &* 8, as: UInt64.self))
            let code = word & 15
            let order = UInt8(truncatingIfNeeded: word >> 4 & 15)
            // The usual case: a request or a free that does not need a second word.
            if code <= 2, high == 0, order <= TraceEvent.largestOrder {
                let slot = Int(truncatingIfNeeded: word >> 8 & 0xFFF)
                let mask = UInt32(truncatingIfNeeded: word >> 20 & 255)
                guard code == 2 || mask < masks else {
                    return (made, (index, "names a mask that the file does not have"))
                }
                let kind: TraceEvent.Kind = code == 0 ? .allocation : code == 1 ? .refusal : .free
                batch.initializeElement(
                    at: made,
                    to: TraceEvent(
                        kind, frame: word >> 28, order: order, cpu: UInt32(truncatingIfNeeded: slot), time: time,
                        task: tasks[slot], detail: code == 2 ? 0 : mask))
                made &+= 1
                continue
            }
            guard let kind = TraceEvent.Kind(rawValue: UInt8(truncatingIfNeeded: code)) else {
                switch code {
                case BinaryTrace.Code.time: time = word >> 4
                case BinaryTrace.Code.task: tasks[Int(word >> 8 & 0xFFF)] = UInt32(truncatingIfNeeded: word >> 28)
                case BinaryTrace.Code.extended, BinaryTrace.Code.extendedWithoutFrame: high = word
                default: return (made, (index, "has the unknown code \(code)"))
                }
                continue
            }
            let event = event(kind, word, extendedBy: high)
            high = 0
            if let problem = problem(of: event, masks, marks) { return (made, (index, problem)) }
            if kind == .loss { lostEvents &+= Int(event.detail) }
            batch.initializeElement(at: made, to: event)
            made &+= 1
        }
        return (made, nil)
    }

    /// Converts a word that the fast path cannot.
    ///
    /// - Parameters:
    ///   - kind: The kind of event.
    ///   - word: The word.
    ///   - high: The word before, which extends this one; 0 if there is none.
    private func event(_ kind: TraceEvent.Kind, _ word: UInt64, extendedBy high: UInt64) -> TraceEvent {
        let slot = word >> 8 & 0xFFF
        var event = TraceEvent(
            kind, frame: word >> 28, order: UInt8(truncatingIfNeeded: word >> 4 & 15),
            cpu: UInt32(truncatingIfNeeded: slot), time: time, task: tasks[Int(slot)])
        var field = UInt32(truncatingIfNeeded: word >> 20 & 255)
        if high != 0 {
            event.frame |= (high >> 4 & (1 << 28 - 1)) << BinaryTrace.frameBits
            event.cpu |= UInt32(truncatingIfNeeded: high >> 32 & 255) << 12
            field |= UInt32(truncatingIfNeeded: high >> 40) << 8
            event.hasFrame = high & 15 == BinaryTrace.Code.extended
        }
        BinaryTrace.apply(field, to: &event)
        return event
    }

    /// What an event refers to that no trace, or not this file's tables, can have; nil if there is nothing.
    private func problem(of event: TraceEvent, _ masks: Int, _ marks: Int) -> String? {
        if event.order > TraceEvent.largestOrder { return "has an order above 13" }
        if event.cpu >= TraceEvent.cpuLimit { return "has a CPU above 131071" }
        switch event.kind {
        case .allocation, .refusal:
            return event.detail < masks ? nil : "names a mask that the file does not have"
        case .mark: return event.detail < marks ? nil : "names a mark that the file does not have"
        case .free, .batchedFree, .taken, .drain, .fallback, .loss: return nil
        }
    }

    private mutating func takeMasks(_ count: Int, blockStart: Int) throws(TraceError) {
        var place = 0
        for _ in 0..<count {
            guard place + 8 <= blocks.payload.count else {
                throw damaged("a table of masks is cut short", at: blockStart)
            }
            let flags = GFPFlags(rawValue: blocks.payload.number(at: place, as: UInt64.self))
            place += 8
            let text = try string(at: &place, blockStart: blockStart)
            let unknown = try string(at: &place, blockStart: blockStart)
            vocabulary.masks.append(TraceVocabulary.Mask(text: text, flags: flags, unknown: unknown))
        }
        try checkTables(blockStart)
    }

    private mutating func takeMarks(_ count: Int, blockStart: Int) throws(TraceError) {
        var place = 0
        for _ in 0..<count { vocabulary.marks.append(try string(at: &place, blockStart: blockStart)) }
        try checkTables(blockStart)
    }

    /// A file must not make memory grow without limit.
    private func checkTables(_ blockStart: Int) throws(TraceError) {
        guard vocabulary.masks.count <= 1 << 14, vocabulary.marks.count <= 1 << 14 else {
            throw damaged("the file has more than 16384 masks or marks", at: blockStart)
        }
    }

    private func string(at place: inout Int, blockStart: Int) throws(TraceError) -> String {
        guard place + 2 <= blocks.payload.count else { throw damaged("a text is cut short", at: blockStart) }
        let count = Int(blocks.payload.number(at: place, as: UInt16.self))
        place += 2
        guard place + count <= blocks.payload.count else { throw damaged("a text is cut short", at: blockStart) }
        defer { place += count }
        return String(decoding: blocks.payload[place..<(place + count)], as: UTF8.self)
    }

    private mutating func takeEnd(blockStart: Int) throws(TraceError) {
        hasEnded = true
        guard blocks.payload.count == 8, blocks.payload.number(at: 0, as: UInt64.self) == UInt64(events) else {
            throw damaged("the end block does not count the \(events) events that were read", at: blockStart)
        }
        try blocks.readEnd()
    }

    private func damaged(_ message: String, at offset: Int) -> TraceError {
        blocks.damaged(message, at: offset)
    }
}
