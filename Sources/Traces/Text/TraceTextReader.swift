import BuddyEngine
import GFP
import SourceText

/// Reads the page allocator's events from the text that ftrace, trace-cmd, `perf script` or LTTng print.
///
/// Lines are found by the event's name, so anything may precede it: a mail's quote marks, another tracer's columns.
/// What is not understood is skipped and counted in ``tally``, never fatal. Memory does not grow with the trace.
struct TraceTextReader: TraceReader, ~Copyable {
    static let isBinary = false
    /// The length of a line in bytes above which it is skipped.
    static let longestLine = 1 << 16
    /// About how many events a call of ``read(into:)`` returns.
    static let batchSize = 8192

    var tally = TraceTally()
    /// Marks read so far; masks are in ``vocabulary``.
    var marks: [String] = []
    var masks: MaskTable
    var stream: ByteStream
    private let buffer: UnsafeMutableBufferPointer<UInt8>
    /// The offset of the buffer's first byte in the text.
    var bufferOffset = 0
    /// The unread part of the buffer.
    private(set) var start = 0
    private var end = 0
    private var hasEnded = false
    var isInOverlongLine = false
    var lastTime: UInt64 = 0
    /// Where the last line had its event's name; usually the next one has it there, too.
    private var nameHint = 0

    private static let bufferSize = 1 << 18
    /// The most distinct marks.
    private static let markLimit = 1 << 12

    /// - Parameters:
    ///   - stream: The text; see `ByteStream`.
    ///   - kernel: The kernel that wrote the trace, which decides what numeric masks mean; nil: the newest.
    init(_ stream: consuming ByteStream, kernel: KernelVersion? = nil) {
        self.stream = stream
        masks = MaskTable(layout: kernel.map { GFPLayout.layout(for: $0) } ?? .newest)
        buffer = .allocate(capacity: Self.bufferSize)
    }

    deinit { buffer.deallocate() }

    /// The masks and marks read so far, which ``TraceEvent/detail`` refers to. It only ever grows.
    var vocabulary: TraceVocabulary {
        var vocabulary = TraceVocabulary()
        vocabulary.masks = masks.masks
        vocabulary.marks = marks
        return vocabulary
    }

    /// How many masks and marks have been read: a change means that ``vocabulary`` has grown.
    var vocabularySize: Int { masks.masks.count + marks.count }

    /// The source's name, how many of its bytes have been read before decompression, and its size.
    var name: String { stream.name }
    var consumed: Int { stream.consumed }
    var size: Int? { stream.size }

    /// A text does not name the kernel that wrote it.
    var kernel: KernelVersion? { nil }

    /// Replaces the events in `batch` by the next ones.
    ///
    /// - Returns: False at the end of the trace, with `batch` empty.
    /// - Throws: ``TraceError`` if the source cannot be read or its compressed data are damaged or cut short.
    mutating func read(into batch: inout [TraceEvent]) throws(TraceError) -> Bool {
        do { return try readBatch(&batch) } catch { throw TraceError(error) }
    }

    private mutating func readBatch(_ batch: inout [TraceEvent]) throws(SourceError) -> Bool {
        batch.removeAll(keepingCapacity: true)
        while batch.isEmpty {
            while start < end, batch.count < Self.batchSize, takeLine(into: &batch) {}
            if batch.count >= Self.batchSize { return true }
            if hasEnded {
                takeLastLine(into: &batch)
                return !batch.isEmpty
            }
            try fill()
        }
        return true
    }

    private mutating func fill() throws(SourceError) {
        if start > 0 {
            (buffer.baseAddress! + 0).update(from: buffer.baseAddress! + start, count: end - start)
            end -= start
            bufferOffset += start
            start = 0
        }
        if end >= Self.longestLine { try dropOverlong() }
        let count = try stream.read(into: UnsafeMutableBufferPointer(rebasing: buffer[end...]))
        end += count
        hasEnded = count == 0
    }

    /// Drops the buffer's part of a line that is already too long.
    ///
    /// - Throws: `SourceError` if the source is not a text at all: a device may never end.
    private mutating func dropOverlong() throws(SourceError) {
        if tally.eventCount == 0, buffer[..<end].contains(0) {
            throw SourceError(source: stream.name, kind: .syntax, message: "is binary data, not a trace")
        }
        if !isInOverlongLine {
            isInOverlongLine = true
            tally.overlongLines += 1
            tally.note("is longer than \(Self.longestLine) bytes; it was skipped", line: tally.lines + 1)
        }
        bufferOffset += end
        end = 0
    }

    /// Reads one line that ends in the buffer; false if none does.
    private mutating func takeLine(into batch: inout [TraceEvent]) -> Bool {
        let base = UnsafePointer(buffer.baseAddress!)
        guard let newline = lineEnd(base + start, end - start) else { return false }
        let length = newline
        let line = TraceLine(base: base + start, count: length)
        start += length + 1
        tally.lines += 1
        if isInOverlongLine {
            isInOverlongLine = false
        } else if length > Self.longestLine {
            tally.overlongLines += 1
            tally.note("is longer than \(Self.longestLine) bytes; it was skipped", line: tally.lines)
        } else {
            take(line, into: &batch)
        }
        return true
    }

    /// Reads what follows the last line end: a line that may be cut off.
    private mutating func takeLastLine(into batch: inout [TraceEvent]) {
        guard start < end, !isInOverlongLine else { return }
        tally.lines += 1
        let malformed = tally.malformedLines
        let line = TraceLine(base: UnsafePointer(buffer.baseAddress!) + start, count: end - start)
        start = end
        take(line, into: &batch)
        if tally.malformedLines > malformed {
            tally.malformedLines = malformed
            tally.isLastLineTruncated = true
        }
    }

    private mutating func take(_ line: TraceLine, into batch: inout [TraceEvent]) {
        var event = TraceEvent(.free)
        switch content(of: line, event: &event) {
        case .event:
            add(event, to: &batch)
        case .foreign:
            tally.foreignLines += 1
        case .unused:
            tally.unusedEvents += 1
        case .loss(let cpu, let events):
            tally.lostEvents = tally.lostEvents.addingReportingOverflow(events).partialValue
            add(TraceEvent(.loss, cpu: cpu, time: lastTime, detail: UInt32(clamping: events)), to: &batch)
        case .mark(let start):
            addMark(line, from: start, to: &batch)
        case .malformed(let message):
            tally.malformedLines += 1
            tally.note("\(message)", line: tally.lines)
        }
    }

    @inline(__always)
    private mutating func add(_ event: TraceEvent, to batch: inout [TraceEvent]) {
        if event.time < lastTime { tally.eventsOutOfOrder += 1 }
        lastTime = event.time
        if !event.hasFrame { tally.eventsWithoutFrame += 1 }
        tally.events[Int(event.kind.rawValue)] += 1
        batch.append(event)
    }

    private mutating func addMark(_ line: TraceLine, from start: Int, to batch: inout [TraceEvent]) {
        let text = String(
            decoding: UnsafeBufferPointer(start: line.base + start, count: min(line.count - start, 256)), as: UTF8.self)
        var number = marks.firstIndex(of: text)
        if number == nil, marks.count < Self.markLimit {
            number = marks.count
            marks.append(text)
        }
        guard let number else { return tally.foreignLines += 1 }
        add(TraceEvent(.mark, time: lastTime, detail: UInt32(number)), to: &batch)
    }

    /// Finds the event's name in a line and reads its fields.
    @inline(__always)
    private mutating func content(of line: TraceLine, event: inout TraceEvent) -> TraceLineContent {
        var name = nameHint
        if name + 8 > line.count || line.word(at: name) != TraceLine.eventPrefix {
            guard let found = line.find(TraceLine.eventPrefix, from: 0) else { return otherContent(of: line) }
            name = found
        }
        while true {
            if let (kind, fields) = line.kind(at: name) {
                nameHint = name
                guard let kind else { return .unused }
                return self.event(kind, in: line, name: name, fields: fields, event: &event)
            }
            guard let next = line.find(TraceLine.eventPrefix, from: name + 8) else { return .foreign }
            name = next
        }
    }

    private func otherContent(of line: TraceLine) -> TraceLineContent {
        if let (cpu, events) = line.loss() { return .loss(cpu: cpu, events: events) }
        // "tracing_" is rare in comments and names of tasks, and `: ` does not follow the whole word there.
        var place = 0
        while let found = line.find(0x5F67_6E69_6361_7274, from: place) {
            if line.has("tracing_mark_write: ", at: found) { return .mark(start: found + 20) }
            place = found + 8
        }
        return .foreign
    }
}
