import SourceText

extension TraceTextReader {
    /// A place between two lines, with all that reading on from there needs.
    public struct Position: Hashable, Sendable {
        /// In bytes from the text's start, after decompression.
        public var offset = 0
        /// What is there is the rest of a line too long to be read.
        public var isInOverlongLine = false
        public var lastTime: UInt64 = 0
        public var tally = TraceTally()
        /// The masks met, as they were printed: the order decides their numbers.
        public var masks: [[UInt8]] = []
        public var marks: [String] = []

        public init() {}
    }

    /// Where the next event will be read.
    public var position: Position {
        var position = Position()
        position.offset = bufferOffset + start
        position.isInOverlongLine = isInOverlongLine
        position.lastTime = lastTime
        position.tally = tally
        position.masks = masks.printed
        position.marks = marks
        return position
    }

    /// Continues where a reader of the same text stood. To be called before the first event is read.
    ///
    /// - Returns: False if the text ends before that.
    /// - Throws: `SourceError` if the source cannot be read or its compressed data are damaged.
    public mutating func resume(at position: Position) throws(SourceError) -> Bool {
        guard try stream.skip(position.offset) else { return false }
        bufferOffset = position.offset
        isInOverlongLine = position.isInOverlongLine
        lastTime = position.lastTime
        tally = position.tally
        marks = position.marks
        for mask in position.masks { _ = mask.withUnsafeBufferPointer { masks.number(of: $0) } }
        return true
    }
}
