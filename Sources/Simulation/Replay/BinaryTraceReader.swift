import BuddyEngine
import GFP
import KernelText
import SourceText

/// Reads the binary form of a trace, block by block, in constant memory. Nothing in the file is believed unchecked.
public struct BinaryTraceReader: ~Copyable {
    public private(set) var vocabulary = TraceVocabulary()
    /// Events read so far, marks and losses among them.
    public private(set) var events = 0
    public private(set) var lostEvents = 0
    /// The kernel that wrote the trace, where the file says.
    public private(set) var kernel: KernelVersion?

    private var stream: ByteStream
    private var offset = 0
    private var packed: [UInt8] = []
    private var payload: [UInt8] = []
    private var hasEnded = false
    private var time: UInt64 = 0
    private var tasks = [UInt32](repeating: 0, count: 1 << 12)

    /// - Throws: ``TraceError`` if it is no binary trace, or of another version.
    public static func open(_ stream: consuming ByteStream) throws(TraceError) -> BinaryTraceReader {
        var reader = BinaryTraceReader(stream)
        try reader.readHeader()
        return reader
    }

    private init(_ stream: consuming ByteStream) { self.stream = stream }

    /// The number of masks and marks met so far.
    public var vocabularySize: Int { vocabulary.masks.count + vocabulary.marks.count }

    public var name: String { stream.name }
    public var consumed: Int { stream.consumed }
    public var size: Int? { stream.size }

    /// Replaces the events in `batch` by those of the next block.
    ///
    /// - Returns: False at the end of the trace, `batch` being empty then.
    public mutating func read(into batch: inout [TraceEvent]) throws(TraceError) -> Bool {
        batch.removeAll(keepingCapacity: true)
        while !hasEnded, batch.isEmpty { try readBlock(into: &batch) }
        return !batch.isEmpty
    }

    private mutating func readHeader() throws(TraceError) {
        var header: [UInt8] = []
        try read(BinaryTrace.headerSize, appendingTo: &header)
        guard header.prefix(8).elementsEqual(BinaryTrace.magic) else {
            throw damaged("is not a binary trace of this program: its first eight bytes are others", at: 0)
        }
        let version = header.number(at: 8, as: UInt16.self)
        guard version == BinaryTrace.version else {
            throw TraceError(
                source: name, offset: 8, kind: .version,
                message: "is a trace of version \(version); this program reads version \(BinaryTrace.version). "
                    + "Convert the text anew with 'numazones replay --convert'")
        }
        let checksum = header.withUnsafeBytes { DeflateBlock.checksum(UnsafeRawBufferPointer(rebasing: $0[..<28])) }
        guard checksum == header.number(at: 28, as: UInt32.self) else {
            throw damaged("the header's checksum is wrong", at: 28)
        }
        let major = Int(header.number(at: 12, as: UInt16.self))
        if major > 0 { kernel = KernelVersion(major, Int(header.number(at: 14, as: UInt16.self))) }
    }

    private mutating func readBlock(into batch: inout [TraceEvent]) throws(TraceError) {
        let start = offset
        var header: [UInt8] = []
        try read(BinaryTrace.blockHeaderSize, appendingTo: &header)
        let checksum = header.withUnsafeBytes { DeflateBlock.checksum(UnsafeRawBufferPointer(rebasing: $0[..<20])) }
        guard checksum == header.number(at: 20, as: UInt32.self) else {
            throw damaged("the checksum of a block's header is wrong", at: start)
        }
        guard let kind = BinaryTrace.BlockKind(rawValue: header[0]),
            let packing = BinaryTrace.Packing(rawValue: header[1])
        else { throw damaged("a block is of an unknown kind", at: start) }
        let count = Int(header.number(at: 4, as: UInt32.self))
        let size = Int(header.number(at: 8, as: UInt32.self))
        let packedSize = Int(header.number(at: 12, as: UInt32.self))
        guard size <= BinaryTrace.largestBlock, packedSize <= size else {
            throw damaged(
                "a block claims \(size) bytes, more than the \(BinaryTrace.largestBlock) it may have", at: start)
        }
        var bytes: [UInt8] = []
        swap(&bytes, &packed)
        bytes.removeAll(keepingCapacity: true)
        try read(packedSize, appendingTo: &bytes)
        swap(&bytes, &packed)
        try unpack(packing, size: size, blockStart: start)
        let sum = payload.withUnsafeBytes { DeflateBlock.checksum($0) }
        guard sum == header.number(at: 16, as: UInt32.self) else {
            throw damaged("the checksum of a block's content is wrong", at: start)
        }
        switch kind {
        case .events: try takeEvents(count, into: &batch, blockStart: start)
        case .masks: try takeMasks(count, blockStart: start)
        case .marks: try takeMarks(count, blockStart: start)
        case .end: try takeEnd(blockStart: start)
        }
    }

    private mutating func unpack(
        _ packing: BinaryTrace.Packing, size: Int, blockStart: Int
    ) throws(TraceError) {
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

    private mutating func takeEvents(
        _ count: Int, into batch: inout [TraceEvent], blockStart: Int
    ) throws(TraceError) {
        guard count * 8 == payload.count else { throw damaged("a block of events has another size", at: blockStart) }
        var words: [UInt8] = []
        swap(&words, &payload)
        var problem: (word: Int, message: String)?
        batch = [TraceEvent](unsafeUninitializedCapacity: count) { events, made in
            (made, problem) = words.withUnsafeBytes { decode($0, count, into: events) }
        }
        swap(&words, &payload)
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
            guard let kind = TraceEvent.Kind(rawValue: UInt8(truncatingIfNeeded: code)) else {
                switch code {
                case BinaryTrace.Code.time: time = word >> 4
                case BinaryTrace.Code.task: tasks[Int(word >> 8 & 0xFFF)] = UInt32(truncatingIfNeeded: word >> 28)
                case BinaryTrace.Code.extended, BinaryTrace.Code.extendedWithoutFrame: high = word
                default: return (made, (index, "has the unknown code \(code)"))
                }
                continue
            }
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
                high = 0
            }
            BinaryTrace.apply(field, to: &event)
            guard event.order <= TraceEvent.largestOrder else { return (made, (index, "has an order above 13")) }
            guard event.cpu < TraceEvent.cpuLimit else { return (made, (index, "has a CPU above 131071")) }
            switch kind {
            case .allocation, .refusal:
                guard event.detail < masks else { return (made, (index, "names a mask that the file does not have")) }
            case .mark:
                guard event.detail < marks else { return (made, (index, "names a mark that the file does not have")) }
            case .loss: lostEvents &+= Int(event.detail)
            default: break
            }
            batch.initializeElement(at: made, to: event)
            made &+= 1
        }
        return (made, nil)
    }

    private mutating func takeMasks(_ count: Int, blockStart: Int) throws(TraceError) {
        var place = 0
        for _ in 0..<count {
            guard place + 8 <= payload.count else { throw damaged("a table of masks is cut short", at: blockStart) }
            let flags = GFPFlags(rawValue: payload.number(at: place, as: UInt64.self))
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

    /// A file may not make memory grow without end.
    private func checkTables(_ blockStart: Int) throws(TraceError) {
        guard vocabulary.masks.count <= 1 << 14, vocabulary.marks.count <= 1 << 14 else {
            throw damaged("the file has more than 16384 masks or marks", at: blockStart)
        }
    }

    private func string(at place: inout Int, blockStart: Int) throws(TraceError) -> String {
        guard place + 2 <= payload.count else { throw damaged("a text is cut short", at: blockStart) }
        let count = Int(payload.number(at: place, as: UInt16.self))
        place += 2
        guard place + count <= payload.count else { throw damaged("a text is cut short", at: blockStart) }
        defer { place += count }
        return String(decoding: payload[place..<(place + count)], as: UTF8.self)
    }

    private mutating func takeEnd(blockStart: Int) throws(TraceError) {
        hasEnded = true
        guard payload.count == 8, payload.number(at: 0, as: UInt64.self) == UInt64(events) else {
            throw damaged("the end block counts other than the \(events) events that were read", at: blockStart)
        }
    }

    private mutating func read(_ count: Int, appendingTo bytes: inout [UInt8]) throws(TraceError) {
        let before = bytes.count
        bytes += [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let (from, name) = (before + done, name)
            let got: Int
            do {
                got = try bytes.withUnsafeMutableBufferPointer { buffer throws(SourceError) in
                    try stream.read(into: UnsafeMutableBufferPointer(rebasing: buffer[from...]))
                }
            } catch { throw TraceError(error) }
            guard got > 0 else {
                throw TraceError(
                    source: name, offset: offset + done, kind: .truncated,
                    message: "the trace is cut short here: it has no end block")
            }
            done += got
        }
        offset += count
    }

    private func damaged(_ message: String, at offset: Int) -> TraceError {
        TraceError(source: name, offset: offset, kind: .damaged, message: message)
    }
}

extension [UInt8] {
    /// A little-endian number.
    ///
    /// - Precondition: All of it lies within the array.
    func number<Number: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: Number.Type) -> Number {
        precondition(offset >= 0 && offset + MemoryLayout<Number>.size <= count)
        return withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: type)) }
    }
}
