import GFP
import SourceText

/// Writes the binary form of a trace block by block, in constant memory.
public struct BinaryTraceWriter: ~Copyable {
    /// How many events have been written, including marks and losses.
    public private(set) var events = 0
    /// How many bytes have been written.
    public var bytes: Int { blocks.bytes }

    private var blocks: BlockWriter
    private var words: [UInt64] = []
    private var coding = WordCoding()
    private var masksWritten = 0
    private var marksWritten = 0
    private var lastTime: UInt64?
    /// The last task written for each CPU, indexed by the low bits of its number.
    private var tasks = [UInt32](repeating: 0, count: 1 << 12)

    /// Creates a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - kernel: The kernel that wrote the trace, if known.
    ///   - packing: Whether blocks are compressed.
    /// - Throws: ``TraceError`` if the file cannot be created.
    public static func create(
        _ path: String, kernel: KernelVersion? = nil, packing: BinaryTrace.Packing = .compressed
    ) throws(TraceError) -> BinaryTraceWriter {
        var fields = UInt16(clamping: kernel?.major ?? 0).littleEndianBytes
        fields += UInt16(clamping: kernel?.minor ?? 0).littleEndianBytes
        return BinaryTraceWriter(
            try BlockWriter.create(path, BinaryTrace.file, packing: packing.blockPacking, headerFields: fields))
    }

    private init(_ blocks: consuming BlockWriter) {
        self.blocks = blocks
        words.reserveCapacity(BinaryTrace.wordsPerBlock + 4)
    }

    /// Appends events; `vocabulary` must have the masks and marks that they refer to.
    public mutating func write(_ batch: [TraceEvent], vocabulary: borrowing TraceVocabulary) throws(TraceError) {
        try write(newIn: vocabulary)
        for event in batch {
            append(event)
            if words.count >= BinaryTrace.wordsPerBlock - 4 { try flush() }
        }
    }

    /// Writes what is pending and the end block, without which a file counts as cut short.
    public mutating func finish() throws(TraceError) {
        try flush()
        try write(.end, count: 0, Int64(events).littleEndianBytes)
        try blocks.finish()
    }

    private mutating func append(_ event: TraceEvent) {
        events += 1
        if event.time != 0, lastTime.map({ event.time < $0 || event.time - $0 >= BinaryTrace.timeGrain }) ?? true {
            words.append(BinaryTrace.Code.time | (event.time & (1 << 60 - 1)) << 4)
            lastTime = event.time
        }
        let slot = Int(event.cpu & (1 << UInt32(BinaryTrace.cpuBits) - 1))
        if tasks[slot] != event.task {
            words.append(BinaryTrace.Code.task | UInt64(slot) << 8 | UInt64(event.task) << 28)
            tasks[slot] = event.task
        }
        let frame = event.kind == .loss ? UInt64(event.detail) : event.frame
        let field = BinaryTrace.field(of: event)
        let high = frame >> BinaryTrace.frameBits
        let highCPU = UInt64(event.cpu) >> BinaryTrace.cpuBits
        if high != 0 || highCPU != 0 || field > 255 || !event.hasFrame {
            let code = event.hasFrame ? BinaryTrace.Code.extended : BinaryTrace.Code.extendedWithoutFrame
            words.append(code | high << 4 | (highCPU & 255) << 32 | UInt64(field >> 8) << 40)
        }
        words.append(
            UInt64(event.kind.rawValue) | UInt64(event.order & 15) << 4 | UInt64(slot) << 8 | UInt64(field & 255) << 20
                | frame << 28)
    }

    private mutating func flush() throws(TraceError) {
        guard !words.isEmpty else { return }
        try write(.codedEvents, count: words.count, coding.code(words))
        words.removeAll(keepingCapacity: true)
    }

    private mutating func write(newIn vocabulary: borrowing TraceVocabulary) throws(TraceError) {
        while masksWritten < vocabulary.masks.count {
            let part = vocabulary.masks[masksWritten...].prefix(256)
            var payload: [UInt8] = []
            for mask in part {
                payload += mask.flags.rawValue.littleEndianBytes
                payload += string(mask.text) + string(mask.unknown)
            }
            try write(.masks, count: part.count, payload)
            masksWritten += part.count
        }
        while marksWritten < vocabulary.marks.count {
            let part = vocabulary.marks[marksWritten...].prefix(256)
            try write(.marks, count: part.count, part.flatMap { string($0) })
            marksWritten += part.count
        }
    }

    /// Two bytes of length, then UTF-8. Longer texts are cut off.
    private func string(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8.prefix(1024))
        return UInt16(bytes.count).littleEndianBytes + bytes
    }

    private mutating func write(_ kind: BinaryTrace.BlockKind, count: Int, _ payload: [UInt8]) throws(TraceError) {
        try blocks.write(kind: kind.rawValue, count: count, payload)
    }
}
