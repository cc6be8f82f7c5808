/// What some logger puts before every line, found where two lines that every report has stand behind words of one shape:
/// `pod-7f9 | 12:00:01.250 W Mem-Info:`.
///
/// Loggers known by their form are ``PrefixReader``'s; this is for all others. A word's shape is the kinds of its
/// characters, so that a time or a count may differ from line to line.
struct ForeignPrefix: Hashable {
    private let shapes: [[UInt8]]

    private static let anchors: [StaticString] = ["Mem-Info:", "Mem-info:", "lowmem_reserve[]:"]
    /// Words and bytes that a logger may take; more is a sentence about a report.
    private static let limit = (words: 10, bytes: 200)

    /// - Parameter lines: The lines around a report's first key words.
    init?(of lines: [ArraySlice<UInt8>]) {
        var votes: [[[UInt8]]: Int] = [:]
        for line in lines {
            guard let head = Self.head(of: line) else { continue }
            votes[head, default: 0] += 1
        }
        guard let best = votes.filter({ $0.value >= 2 }).max(by: { $0.value < $1.value }) else { return nil }
        shapes = best.key
    }

    /// The shapes of the words before an anchor; nil where there is none, or a known logger's prefix.
    private static func head(of line: ArraySlice<UInt8>) -> [[UInt8]]? {
        let text = LogText(line.prefix(limit.bytes))
        guard let range = anchors.lazy.compactMap({ text.firstRange(of: $0) }).first,
            range.lowerBound > line.startIndex, !line[range.lowerBound - 1].isLetter,
            LogMessage.messages(in: line).allSatisfy({ LogItem($0.text) == nil })
        else { return nil }
        let words = LogText(line[..<range.lowerBound]).words
        // The prefix ends with a blank: the text after it is a word of its own.
        guard (1...limit.words).contains(words.count), line[range.lowerBound - 1].isBlank else { return nil }
        return words.map { shape($0) }
    }

    /// The line without the prefix, or as it is where it has another.
    func removed(from line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = LogText(line)
        for shape in shapes {
            let word = rest.firstWord
            guard !word.isEmpty, Self.shape(word) == shape else { return line }
            rest = LogText(line[word.bytes.endIndex...])
        }
        return rest.bytes.first?.isBlank ?? false ? rest.bytes.dropFirst() : rest.bytes
    }

    private static func shape(_ word: LogText) -> [UInt8] {
        var shape: [UInt8] = []
        for byte in word.bytes {
            let kind = byte.isDigit ? UInt8(ascii: "0") : byte.isLetter ? UInt8(ascii: "a") : byte
            if shape.last != kind { shape.append(kind) }
        }
        return shape
    }
}
