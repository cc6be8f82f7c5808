/// How a log was transferred: what a mail program, terminal or journal did to whole lines, determined from the lines
/// around a report's first keywords.
struct LogForm: Hashable {
    /// The body of a mail in quoted-printable (RFC 2045): `=3D` for `=`, and soft line breaks.
    var isQuotedPrintable = false
    /// Where a terminal broke lines in the middle of words; nil: nowhere.
    var wrap: HardWrap?
    /// The newest line comes first, as `journalctl -r` and some log viewers print them.
    var isNewestFirst = false
    /// What an unknown logger puts before every line; nil: nothing.
    var foreignPrefix: ForeignPrefix?

    static let plain = LogForm()

    /// Determines the form from the complete lines of a window.
    init(window: ArraySlice<UInt8>) {
        let text = LogText(window)
        isQuotedPrintable = text.contains("=3D") || text.contains("ncoding: quoted-printable")
        var lines = window.split(separator: 0x0A, omittingEmptySubsequences: false).map { HardWrap.content(of: $0) }
        guard !isQuotedPrintable else { return }
        foreignPrefix = ForeignPrefix(of: lines)
        if let foreignPrefix { lines = lines.map { foreignPrefix.removed(from: $0) } }
        wrap = HardWrap(of: lines)
        isNewestFirst = wrap == nil && LineOrder.isNewestFirst(lines)
    }

    private init() {}
}

/// Lines that a terminal broke at its width.
struct HardWrap: Hashable {
    /// The column at which lines were broken.
    let width: Int
    /// Whether they were quoted afterwards: each part then has quote marks, which the width does not include.
    let isQuoted: Bool

    /// The form in which most lines were broken; nil if none certainly was.
    init?(of lines: [ArraySlice<UInt8>]) {
        let plain = Self.width(of: lines)
        let isMarked = lines.contains { $0.first == UInt8(ascii: ">") }
        let quoted = isMarked ? Self.width(of: lines.map { Self.unquoted($0) }) : nil
        guard let best = [quoted, plain].compactMap({ $0 }).max(by: { $0.breaks < $1.breaks }) else { return nil }
        width = best.width
        isQuoted = best.breaks > plain?.breaks ?? 0
    }

    /// The part of a raw line that belongs to a whole one.
    func part(_ raw: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let content = Self.content(of: raw)
        return isQuoted ? Self.unquoted(content) : content
    }

    /// A raw line without its carriage return.
    static func content(of line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        line.last == 0x0D ? line.dropLast() : line
    }

    /// A line without a mail's quote marks.
    private static func unquoted(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = line
        while rest.first == UInt8(ascii: ">") {
            rest = rest.dropFirst()
            if rest.first == 0x20 { rest = rest.dropFirst() }
        }
        return rest
    }

    /// The width at which most lines were broken in the middle of a word; mail programs break them only at blanks.
    private static func width(of lines: [ArraySlice<UInt8>]) -> (width: Int, breaks: Int)? {
        var found: [Int: Int] = [:]
        for (line, next) in zip(lines, lines.dropFirst()) where line.count >= 40 && isMidWord(line, next) {
            found[line.count, default: 0] += 1
        }
        return found.max { ($0.value, $0.key) < ($1.value, $1.key) }.map { ($0.key, $0.value) }
    }

    /// Whether a line break is certainly within a word of a report: `44|96kB`, `mlocke|d:0kB`, `(GFP_KERN|EL|...`,
    /// `[<80228fc8>] warn_all|oc+0xcc/0x17c`.
    private static func isMidWord(_ line: ArraySlice<UInt8>, _ next: ArraySlice<UInt8>) -> Bool {
        guard let last = line.last, let first = next.first, !last.isBlank, !first.isBlank else { return false }
        let tail = LogText(line.suffix(80)).words.last ?? LogText(line)
        let head = LogText(next.prefix(80)).firstWord
        if tail.ends(with: "k"), tail.bytes.dropLast().last?.isDigit == true { return head.starts(with: "B") }
        let isNamed = tail.bytes.contains(UInt8(ascii: ":")) || tail.bytes.contains(UInt8(ascii: "*"))
        if isNamed, last.isDigit, head.contains("kB") || head.contains("KB") {
            return first.isDigit || head.starts(with: "kB") || head.starts(with: "KB")
        }
        if tail.integer != nil, head.leadingInteger?.rest.starts(with: "*") ?? false { return true }
        if tail.contains("(GFP_") || tail.contains("(__GFP_"), !tail.contains(")") {
            return first.isLetter || first == UInt8(ascii: "_") || first == UInt8(ascii: "|")
        }
        if isWithinFrame(line, tail, head) { return true }
        let joined = Array(tail.bytes) + Array(head.bytes)
        if joined.elementsEqual("all_unreclaimable?".utf8) { return true }
        let isName = tail.bytes.allSatisfy { $0.isLetter || [0x5F, 0x28, 0x29].contains($0) }
        guard isName, !ZoneNames.known.contains(tail.string), head.ends(with: "kB") || head.ends(with: "KB"),
            let colon = head.bytes.firstIndex(of: UInt8(ascii: ":"))
        else { return false }
        return LogText(head.bytes[(colon + 1)...]).leadingInteger != nil
            && head.bytes[..<colon].allSatisfy { $0.isLetter || [0x5F, 0x28, 0x29].contains($0) }
    }

    /// Whether the line ends within the name of a call trace's function, which stands in parentheses (32-bit ARM) or
    /// after an address or a question mark.
    private static func isWithinFrame(_ line: ArraySlice<UInt8>, _ tail: LogText, _ head: LogText) -> Bool {
        guard head.contains("+0x"), head.contains("/0x"), head.bytes.first?.isPartOfName ?? false else { return false }
        let name = tail.starts(with: "(") ? tail.dropping(1) : nil
        if let name, !name.isEmpty { return name.bytes.allSatisfy(\.isPartOfName) }
        guard tail.bytes.allSatisfy(\.isPartOfName), let before = LogText(line.suffix(120)).words.dropLast().last else {
            return false
        }
        return before.starts(with: "[<") && before.ends(with: ">]") || before.bytes.elementsEqual("?".utf8)
    }
}

extension UInt8 {
    /// Of a function's name, with a compiler's suffix.
    fileprivate var isPartOfName: Bool { isLetter || isDigit || self == UInt8(ascii: "_") || self == UInt8(ascii: ".") }
}
