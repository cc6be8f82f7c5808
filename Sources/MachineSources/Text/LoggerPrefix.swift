import SourceText

/// What a logger puts before each line: `Nov 27 08:01:02 host tool[123]: `, `2026-11-27T08:01:02.123+00:00 host tool:
/// `, or just a date.
struct LoggerPrefix {
    /// Whether the names of a host and a tool follow the date.
    private let hasTag: Bool

    /// The prefix of a text's lines, which must be the same in all that have a date; nil if no logger wrote them.
    init?(_ lines: some Sequence<Substring>) {
        var dated = 0
        var bare = 0
        var hosts: Set<Substring> = []
        for line in lines.prefix(Self.judged) {
            if let rest = Self.afterDate(line) {
                dated += 1
                hosts.insert(Self.tagged(rest)?.host ?? "")
            } else if !line.allSatisfy(\.isWhitespace) {
                bare += 1
            }
        }
        guard dated > bare else { return nil }
        hasTag = hosts.count == 1 && hosts.first != ""
    }

    /// How many lines at the beginning are examined.
    private static let judged = 64

    /// A line without the prefix, with its own indentation.
    func dropped(from line: Substring) -> Substring {
        guard let rest = Self.afterDate(line) else { return line }
        return hasTag ? Self.tagged(rest)?.text ?? rest : rest
    }

    private static func afterDate(_ line: Substring) -> Substring? {
        guard let first = line.first, first.isNumber || first.isUppercase else { return nil }
        let words = line.prefix(64).split(separator: " ", maxSplits: 3)
        guard let word = words.first else { return nil }
        if isOne(DateWords.isISODate, word) { return after(word, in: line) }
        guard words.count > 2, isOne(DateWords.isMonth, words[0]), let day = Int(words[1]), (1...31).contains(day),
            isOne(DateWords.isClock, words[2])
        else { return nil }
        return after(words[2], in: line)
    }

    /// Reads `host tool[123]: text`.
    private static func tagged(_ rest: Substring) -> (host: Substring, text: Substring)? {
        let words = rest.prefix(128).split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].last != ":", words[1].last == ":" else { return nil }
        return (words[0], after(words[1], in: rest))
    }

    /// What follows a word and one blank.
    private static func after(_ word: Substring, in line: Substring) -> Substring {
        let rest = line[word.endIndex...]
        return rest.first == " " ? rest.dropFirst() : rest
    }

    private static func isOne(_ form: (ArraySlice<UInt8>) -> Bool, _ word: Substring) -> Bool {
        form(Array(word.utf8)[...])
    }
}
