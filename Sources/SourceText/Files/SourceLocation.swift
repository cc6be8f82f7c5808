/// A place in a text.
public struct SourceLocation: Hashable, Comparable, Sendable {
    /// From 1.
    public var line: Int
    /// From 1, in Unicode scalars.
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    public static func < (left: Self, right: Self) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }

    /// The place of the byte at `offset`; an offset outside the text counts as its nearest end. O(offset).
    public init(ofOffset offset: Int, in bytes: [UInt8]) {
        self = bytes.withUnsafeBufferPointer { Self(ofOffset: offset, in: $0) }
    }

    init(ofOffset offset: Int, in bytes: UnsafeBufferPointer<UInt8>) {
        let end = min(max(offset, 0), bytes.count)
        var line = 1
        var lineStart = 0
        for index in 0..<end where bytes[index] == UInt8(ascii: "\n") {
            line += 1
            lineStart = index + 1
        }
        // A byte 10xxxxxx continues the scalar before it.
        let column = bytes[lineStart..<end].count { $0 & 0xC0 != 0x80 } + 1
        self.init(line: line, column: column)
    }
}

extension SourceLocation: CustomStringConvertible {
    public var description: String { "\(line):\(column)" }
}
