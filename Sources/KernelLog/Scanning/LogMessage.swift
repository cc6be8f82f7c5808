/// One line of kernel text, without what a logger, terminal or mail program added.
struct LogMessage {
    /// The text without indentation and trailing blanks.
    var text: LogText
    /// Whether a logger's or the kernel's own mark of a new line (time, host, level) came before it: then it never
    /// continues a folded line.
    var hasPrefix: Bool
    /// The task or CPU that printed it (`T1234`, `C0`; CONFIG_PRINTK_CALLER), which separates interleaved reports.
    var caller: String?
    /// The kernel's own time stamp as printed, without brackets.
    var timestamp: String?

    /// The messages of a raw line: none for an empty one, several if newlines were escaped (`#012`, `\x0a`, JSON).
    static func messages(in line: ArraySlice<UInt8>) -> [LogMessage] {
        isPlain(line) ? plainMessages(in: line) : decodedMessages(in: line)
    }

    /// The messages of a line in which nothing needs decoding.
    static func plainMessages(in line: ArraySlice<UInt8>) -> [LogMessage] {
        var reader = PrefixReader(LogText(line))
        return reader.messages()
    }

    /// The messages of any line.
    static func decodedMessages(in line: ArraySlice<UInt8>) -> [LogMessage] {
        var record = LogText(line)
        if let json = JSONRecord.message(in: record) { record = LogText(json) }
        if HTMLText.isLikely(in: record.bytes) { record = LogText(HTMLText.decoded(record.bytes)) }
        return splitRecord(record.bytes).flatMap { piece -> [LogMessage] in
            var reader = PrefixReader(LogText(piece))
            return reader.messages()
        }
    }

    /// Whether a line certainly has no JSON, HTML, forum tags, escapes or control characters, like most lines:
    /// ``plainMessages(in:)`` and ``decodedMessages(in:)`` then give the same.
    static func isPlain(_ line: ArraySlice<UInt8>) -> Bool {
        line.withUnsafeBufferPointer { bytes in
            var previous: UInt8 = 0
            for byte in bytes {
                switch byte {
                // A brace or a quotation mark may begin JSON.
                case 0..<0x09, 0x0A..<0x20, 0xA0, 0xC2, UInt8(ascii: "#"), UInt8(ascii: "\\"), UInt8(ascii: "&"),
                    UInt8(ascii: "<"), UInt8(ascii: "{"), UInt8(ascii: "\""):
                    return false
                // A closing tag, `[/code]`.
                case UInt8(ascii: "/") where previous == UInt8(ascii: "["): return false
                default: previous = byte
                }
            }
            return !bytes.isEmpty
        }
    }

    /// Splits at carriage returns, line feeds and their escapes, and drops terminal colours.
    private static func splitRecord(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        let needsWork = bytes.contains {
            $0 < 0x20 && $0 != 0x09 || $0 == UInt8(ascii: "#") || $0 == UInt8(ascii: "\\") || $0 == 0xC2 || $0 == 0xA0
        }
        guard needsWork else { return bytes.isEmpty ? [] : [bytes] }
        var pieces: [ArraySlice<UInt8>] = []
        var piece: [UInt8] = []
        let text = LogText(bytes)
        let isEscaped = isEscapedText(text)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let rest = LogText(text.bytes[index...])
            switch bytes[index] {
            case 0x0A, 0x0D:
                pieces.append(piece[...])
                piece = []
                index += 1
            case UInt8(ascii: "#") where rest.starts(with: "#012"):
                pieces.append(piece[...])
                piece = []
                index += 4
            case UInt8(ascii: "\\") where isEscaped && rest.starts(with: "\\n"):
                pieces.append(piece[...])
                piece = []
                index += 2
            case UInt8(ascii: "\\") where rest.starts(with: "\\x0a"):
                pieces.append(piece[...])
                piece = []
                index += 4
            case UInt8(ascii: "#") where rest.starts(with: "#011"):
                piece.append(0x20)
                index += 4
            case 0xC2 where rest.dropping(1).bytes.first == 0xA0:
                // Mail programs write blanks at a line's beginning as no-break spaces.
                piece.append(0x20)
                index += 2
            case 0xA0 where index == bytes.startIndex || bytes[index - 1] < 0x80 || bytes[index - 1] == 0xA0:
                // The same in ISO 8859-1, where it does not follow a byte of a longer character.
                piece.append(0x20)
                index += 1
            case 0x1B:
                index += escapeLength(rest.bytes)
            case let byte where byte < 0x20 && byte != 0x09:
                index += 1
            case let byte:
                piece.append(byte)
                index += 1
            }
        }
        pieces.append(piece[...])
        return pieces.filter { !$0.isEmpty }
    }

    /// Whether a text has several lines in one, with line breaks written as `\n`, as a program prints a string.
    private static func isEscapedText(_ text: LogText) -> Bool {
        guard text.bytes.count > 400 else { return false }
        var count = 0
        var rest = text
        while count < 5, let next = rest.after("\\n") {
            count += 1
            rest = next
        }
        return count >= 5
    }

    /// The length of a terminal's control sequence `ESC [ parameters letter`.
    private static func escapeLength(_ bytes: ArraySlice<UInt8>) -> Int {
        guard bytes.dropFirst().first == UInt8(ascii: "[") else { return 1 }
        let parameters = bytes.dropFirst(2).prefix(32).prefix { $0.isDigit || $0 == UInt8(ascii: ";") }.count
        return min(bytes.count, 2 + parameters + 1)
    }
}
