import SourceText

extension TraceTextReader {
    /// A place between two lines, and everything needed to continue reading there.
    struct Position: Hashable, Sendable {
        /// In bytes of the decompressed text.
        var offset = 0
        /// Whether the rest of an overlong line comes next.
        var isInOverlongLine = false
        var lastTime: UInt64 = 0
        var tally = TraceTally()
        /// The masks read so far, as printed; their order decides their numbers.
        var masks: [[UInt8]] = []
        var marks: [String] = []
    }

    var place: TraceInput.Position { .text(position) }

    mutating func resume(at place: TraceInput.Position) throws(TraceError) {
        guard case .text(let position) = place else { throw TraceInput.Position.otherForm(name) }
        try resume(at: position)
    }

    /// Where the next event will be read.
    var position: Position {
        var position = Position()
        position.offset = bufferOffset + start
        position.isInOverlongLine = isInOverlongLine
        position.lastTime = lastTime
        position.tally = tally
        position.masks = masks.printed
        position.marks = marks
        return position
    }

    /// Continues at the position of another reader of the same text. Must be called before the first event is read.
    ///
    /// - Throws: ``TraceError`` if the source cannot be read, its compressed data are damaged, or it ends earlier.
    private mutating func resume(at position: Position) throws(TraceError) {
        let isThere: Bool
        do { isThere = try stream.skip(position.offset) } catch { throw TraceError(error) }
        guard isThere else {
            throw TraceError(
                source: name, offset: position.offset, kind: .truncated, message: "ends before this place")
        }
        bufferOffset = position.offset
        isInOverlongLine = position.isInOverlongLine
        lastTime = position.lastTime
        tally = position.tally
        marks = position.marks
        for mask in position.masks { _ = mask.withUnsafeBufferPointer { masks.number(of: $0) } }
    }
}
