/// What a logger puts before every line, found if two lines that every report has come after words of the same shape:
/// `pod-7f9 | 12:00:01.250 W Mem-Info:`, `level=warn msg="Mem-Info:"`.
///
/// ``PrefixReader`` knows common loggers; this is for all others. A word's shape is the sequence of the kinds of its
/// characters, so that a time or a count may differ from line to line.
struct ForeignPrefix: Hashable {
    /// The shapes of the words before the text.
    private let words: [[UInt8]]
    /// The shape of what directly precedes the text without a blank; may be empty.
    private let glued: [UInt8]

    /// Beginnings of lines, none of which occurs within another.
    private static let anchors: [StaticString] = [
        "Mem-Info:", "Mem-info:", "lowmem_reserve[]:", "Free swap", "Total swap =", "Swap cache stats:",
        "Hardware name:",
        "Call Trace:", "Call trace:", "Tasks state (memory",
    ]
    /// The most words and bytes of a prefix; more would be a sentence about a report.
    private static let limit = (words: 10, bytes: 200)

    /// The prefix that most of the lines around a report's first keywords have.
    init?(of lines: [ArraySlice<UInt8>]) {
        var votes: [ForeignPrefix: Int] = [:]
        for line in lines {
            guard let head = Self.head(of: line) else { continue }
            votes[head, default: 0] += 1
        }
        guard let best = votes.filter({ $0.value >= 2 }).max(by: { $0.value < $1.value }) else { return nil }
        self = best.key
    }

    private init(words: [[UInt8]], glued: [UInt8]) {
        self.words = words
        self.glued = glued
    }

    /// What precedes an anchor; nil if there is no anchor, or a known logger's prefix.
    private static func head(of line: ArraySlice<UInt8>) -> ForeignPrefix? {
        let text = LogText(line.prefix(limit.bytes))
        guard let range = anchors.lazy.compactMap({ text.firstRange(of: $0) }).first,
            let last = line[..<range.lowerBound].last, !last.isLetter, !last.isDigit,
            LogMessage.messages(in: line).allSatisfy({ isForeign($0.text) })
        else { return nil }
        var words = LogText(line[..<range.lowerBound]).words.map { shape($0) }
        guard (1...limit.words).contains(words.count) else { return nil }
        let glued = last.isBlank ? [] : words.removeLast()
        return ForeignPrefix(words: words, glued: glued)
    }

    /// Whether a text has nothing of a report: without a known logger's prefix, an anchor would begin the text.
    private static func isForeign(_ text: LogText) -> Bool {
        LogItem(text) == nil && !anchors.contains { text.starts(with: $0) }
    }

    /// A line without the prefix; unchanged if it has another.
    func removed(from line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = LogText(line)
        for shape in words {
            let word = rest.firstWord
            guard !word.isEmpty, Self.shape(word) == shape else { return line }
            rest = LogText(line[word.bytes.endIndex...])
        }
        guard !glued.isEmpty else { return rest.bytes.first?.isBlank ?? false ? rest.bytes.dropFirst() : rest.bytes }
        rest = rest.trimmed
        guard let bytes = Self.dropping(glued, from: rest.bytes) else { return line }
        let isQuoted = glued.last == UInt8(ascii: "\"") && bytes.last == UInt8(ascii: "\"")
        return isQuoted ? bytes.dropLast() : bytes
    }

    /// The bytes after a run of each kind in turn; nil if they have another shape.
    private static func dropping(_ shape: [UInt8], from bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var rest = bytes
        for kind in shape {
            guard let first = rest.first, Self.kind(first) == kind else { return nil }
            // A mark at the prefix's end is a single byte, since the text may begin with the same.
            rest = kind == shape.last && first == kind ? rest.dropFirst() : rest.drop { Self.kind($0) == kind }
        }
        return rest
    }

    private static func shape(_ word: LogText) -> [UInt8] {
        var shape: [UInt8] = []
        for byte in word.bytes where shape.last != kind(byte) { shape.append(kind(byte)) }
        return shape
    }

    private static func kind(_ byte: UInt8) -> UInt8 {
        byte.isDigit ? UInt8(ascii: "0") : byte.isLetter ? UInt8(ascii: "a") : byte
    }
}
