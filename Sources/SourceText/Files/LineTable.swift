import Synchronization

/// Finds line and column of any byte of a text in constant time, however long the text or its lines are.
///
/// The first query reads the whole text once. Without the table, each query would read the text up to its place, so
/// that a text with many errors would take quadratic time.
final class LineTable: Sendable {
    /// What is known at the start of a piece.
    private struct Mark {
        /// How many lines end before it.
        var lines: Int
        /// Unicode scalars from the beginning of the line to the piece.
        var column: Int
    }

    private static let pieceSize = 4096
    private let marks = Mutex<[Mark]>([])

    /// The place of the byte at `offset`; an offset outside the text counts as its nearest end.
    func location(ofOffset offset: Int, in bytes: [UInt8]) -> SourceLocation {
        let end = min(max(offset, 0), bytes.count)
        let piece = end / Self.pieceSize
        let known = marks.withLock { marks in
            if marks.isEmpty { marks = bytes.withUnsafeBufferPointer(Self.makeMarks) }
            return marks[piece]
        }
        let reached = bytes.withUnsafeBufferPointer { Self.advance(known, over: $0[(piece * Self.pieceSize)..<end]) }
        return SourceLocation(line: reached.lines + 1, column: reached.column + 1)
    }

    private static func makeMarks(_ bytes: UnsafeBufferPointer<UInt8>) -> [Mark] {
        var marks: [Mark] = [Mark(lines: 0, column: 0)]
        marks.reserveCapacity(bytes.count / pieceSize + 1)
        var mark = marks[0]
        for start in stride(from: 0, to: bytes.count, by: pieceSize) where start + pieceSize <= bytes.count {
            mark = advance(mark, over: bytes[start..<(start + pieceSize)])
            marks.append(mark)
        }
        return marks
    }

    private static func advance(_ mark: Mark, over bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Mark {
        var mark = mark
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                mark.lines += 1
                mark.column = 0
            } else if byte & 0xC0 != 0x80 {
                // A byte 10xxxxxx continues the scalar before it.
                mark.column += 1
            }
        }
        return mark
    }
}
