/// A line of comma-separated values, as log stores export them.
enum CSVRecord {
    /// The field that is the kernel's text: the last quoted one, or what follows the fields without blanks; nil if the
    /// line does not begin with a date and a comma.
    static func message(in text: LogText) -> LogText? {
        var rest = text
        var isDated = false
        var fields = 0
        // A date, a host, a facility, a level, a program: no format is known with more fields before the text.
        for _ in 0..<8 {
            if rest.starts(with: "\""), let field = quoted(rest) {
                if isDated, field.rest.isEmpty { return field.value }
                isDated = isDated || isDate(field.value)
                guard isDated, field.rest.starts(with: ",") else { return nil }
                rest = field.rest.dropping(1)
                continue
            }
            guard let comma = rest.bytes.prefix(80).firstIndex(of: UInt8(ascii: ",")) else { break }
            let field = LogText(rest.bytes[..<comma])
            isDated = isDated || isDate(field)
            guard isDated, isDate(field) || field.words.count <= 1 else { break }
            rest = LogText(rest.bytes[(comma + 1)...])
            fields += 1
        }
        // A comma alone also occurs in a date: `2026-03-02T00:00:22,306131+00:00`.
        return isDated && fields > 1 ? rest : nil
    }

    private static func isDate(_ text: LogText) -> Bool {
        text.words.count == 1 && PrefixReader.isISODate(text) || PrefixReader.isDayAndClock(text)
            || isSinceEpoch(text)
    }

    /// Whether a field is a time in seconds to nanoseconds since 1970, of this century.
    private static func isSinceEpoch(_ text: LogText) -> Bool {
        [10, 13, 16, 19].contains(text.bytes.count) && text.bytes.first == UInt8(ascii: "1")
            && text.bytes.allSatisfy(\.isDigit)
    }

    /// Reads a quoted field, in which quotes are doubled.
    private static func quoted(_ text: LogText) -> (value: LogText, rest: LogText)? {
        var value: [UInt8] = []
        var index = text.bytes.startIndex + 1
        while index < text.bytes.endIndex {
            let byte = text.bytes[index]
            let isQuote = byte == UInt8(ascii: "\"")
            guard isQuote else {
                value.append(byte)
                index += 1
                continue
            }
            let next = index + 1
            if next < text.bytes.endIndex, text.bytes[next] == byte {
                value.append(byte)
                index += 2
            } else {
                return (LogText(value), LogText(text.bytes[next...]))
            }
        }
        return nil
    }
}
