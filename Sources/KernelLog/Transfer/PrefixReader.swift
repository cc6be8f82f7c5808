/// Removes what precedes the kernel's text in a line: mail quotes, levels, dates, hosts, time stamps, callers.
///
/// It knows the shape of each part rather than whole formats, and removes parts as long as one fits.
struct PrefixReader {
    private var text: LogText
    private var hasPrefix = false
    private var caller: String?
    private var timestamp: String?

    init(_ text: LogText) { self.text = text }

    /// The kernel's messages in the line: two if one was begun and not ended.
    mutating func messages() -> [LogMessage] {
        strip()
        var found: [LogMessage] = []
        // Programs' console output may precede a time stamp, and a second message may follow without newline.
        while let stamp = Self.firstStamp(in: text) {
            if hasPrefix { append(LogText(text.bytes[..<stamp.lowerBound]), to: &found) }
            text = LogText(text.bytes[stamp.lowerBound...])
            strip()
        }
        append(text, to: &found)
        return found
    }

    private func append(_ text: LogText, to found: inout [LogMessage]) {
        let text = text.trimmed
        guard !text.isEmpty else { return }
        found.append(LogMessage(text: text, hasPrefix: hasPrefix, caller: caller, timestamp: timestamp))
    }

    private mutating func strip() {
        // Each round removes at least a byte, and few lines have more than four parts.
        for _ in 0..<64 {
            text = text.trimmed
            guard let first = text.bytes.first else { return }
            switch first {
            case UInt8(ascii: ">"), UInt8(ascii: "|"):
                text = text.dropping(1)
            case UInt8(ascii: ":") where hasPrefix || text.starts(with: ": ["):
                text = text.dropping(1)
            case UInt8(ascii: "\""):
                if !stripCSV() { text = unquoted }
            case UInt8(ascii: "<"):
                guard stripLevel() || stripStackMark() else { return }
            case UInt8(ascii: "["):
                guard stripBracket() else { return }
            case UInt8(ascii: "("), UInt8(ascii: "-"):
                guard hasPrefix, strip(Self.vendorTaskLength(text)) else { return }
            case UInt8(ascii: "M") where text.starts(with: "MESSAGE="):
                _ = strip(8)
            default:
                guard stripWords(first) else { return }
            }
        }
    }

    /// Removes parts that begin with a word or a number. Cheap tests come first, because most lines have no such part.
    private mutating func stripWords(_ first: UInt8) -> Bool {
        let mayBeTagged = Self.tags.isAny(in: LogText(text.bytes.prefix(200)))
        if first.isDigit, stripExtendedConsole() || stripCSV() { return true }
        if mayBeTagged, strip(Self.talosLength(text)) || stripLogger() { return true }
        let word = text.firstWord
        if Self.isISODate(word) || Self.isMonth(word), stripDateAndHost() { return true }
        return strip(Self.facilityLength(text)) || strip(Self.logcatLength(text, first: word))
            || strip(Self.secondsLength(text))
    }

    /// What a logger or Talos puts directly before the kernel's text.
    private static let tags = TriggerSearch(["kern:", "kernel: ", "kernel - - ", "netconsole: "])

    /// Removes a prefix of known length; false if there is none.
    private mutating func strip(_ length: Int?) -> Bool {
        guard let length, length > 0 else { return false }
        text = text.dropping(length)
        hasPrefix = true
        return true
    }

    /// The text of a report's line that is stored as a string literal: `"Mem-Info:",`.
    private var unquoted: LogText {
        var inner = text.dropping(1)
        if inner.ends(with: "\",") {
            inner = LogText(inner.bytes.dropLast(2))
        } else if inner.ends(with: "\"") {
            inner = LogText(inner.bytes.dropLast())
        }
        return inner
    }

    /// Removes the end of an interrupt's frames before the next line: `<EOI> Mem-Info:`.
    private mutating func stripStackMark() -> Bool {
        for mark in ["<EOI>", "</IRQ>", "<IRQ>"] as [StaticString] where text.starts(with: mark) {
            let rest = text.dropping(mark.utf8CodeUnitCount).trimmed
            guard rest.starts(with: "Mem-Info:") else { return false }
            text = rest
            return true
        }
        return false
    }

    /// Removes `<4>`, and the version after it in RFC 5424.
    private mutating func stripLevel() -> Bool {
        guard let (_, rest) = text.dropping(1).leadingInteger, rest.starts(with: ">") else { return false }
        text = rest.dropping(1)
        if text.starts(with: "1 20") { text = text.dropping(2) }
        hasPrefix = true
        return true
    }

    /// Removes `[   12.345678]`, `[Mon Mar  2 00:00:22 2026]`, `[ T1234]`, `[   C0]`; never `[  496]` of a task table.
    private mutating func stripBracket() -> Bool {
        guard let close = text.bytes.prefix(40).firstIndex(of: UInt8(ascii: "]")) else { return false }
        let inner = LogText(text.bytes[(text.bytes.startIndex + 1)..<close]).trimmed
        if Self.isSeconds(inner) || Self.isDate(inner) || Self.isRelativeTime(inner) || Self.isDayAndClock(inner) {
            timestamp = inner.string
        } else if Self.isCaller(inner) {
            caller = inner.string
        } else if Self.isISODate(inner) || hasPrefix && Self.isVendorTask(inner) {
            // Talos' date, Samsung's task.
        } else {
            return false
        }
        hasPrefix = true
        text = LogText(text.bytes[(close + 1)...])
        return true
    }

    /// Removes the head of extended netconsole and `/dev/kmsg`: `6,1234,5678901,-,caller=T12;`, which may begin with
    /// the release.
    private mutating func stripExtendedConsole() -> Bool {
        guard text.bytes.first?.isDigit == true,
            let end = text.bytes.prefix(160).firstIndex(of: UInt8(ascii: ";"))
        else { return false }
        let fields = text.bytes[..<end].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard fields.count >= 4 else { return false }
        let start = LogText(fields[0]).integer == nil ? 1 : 0
        guard fields.count >= start + 4, (start..<start + 3).allSatisfy({ LogText(fields[$0]).integer != nil }) else {
            return false
        }
        caller = fields.map { LogText($0) }.first { $0.starts(with: "caller=") }?.dropping(7).string
        timestamp = LogText(fields[start + 2]).string
        hasPrefix = true
        text = LogText(text.bytes[(end + 1)...])
        return true
    }

    /// Reduces a record of comma-separated fields that begins with a date to the field that is the kernel's text.
    private mutating func stripCSV() -> Bool {
        guard let field = CSVRecord.message(in: text) else { return false }
        text = field
        hasPrefix = true
        return true
    }

    /// Removes a date and what follows up to the tag `kernel:` (RFC 3164, RFC 5424, journalctl, ISO dates).
    private mutating func stripLogger() -> Bool {
        let head = LogText(text.bytes.prefix(200))
        let tags: [StaticString] = [" kernel: ", " kernel - - - ", " kernel - - ", "] kernel: ", " netconsole: "]
        for tag in tags {
            guard let range = head.firstRange(of: tag), Self.isLoggerHead(LogText(text.bytes[..<range.lowerBound]))
            else {
                continue
            }
            hasPrefix = true
            text = LogText(text.bytes[range.upperBound...])
            return true
        }
        guard text.starts(with: "kernel: ") else { return false }
        return strip(8)
    }

    /// Removes a date and a host without a tag, directly before a time stamp, or a date alone.
    private mutating func stripDateAndHost() -> Bool {
        let words = LogText(text.bytes.prefix(120)).words
        guard let first = words.first else { return false }
        let dateWords: Int
        if Self.isISODate(first) {
            dateWords = 1
        } else if words.count > 2, Self.isMonth(first), words[1].integer != nil, Self.isClock(words[2]) {
            dateWords = 3
        } else {
            return false
        }
        guard words.count > dateWords else { return false }
        hasPrefix = true
        // A container runtime's stream and tag, such as `stderr F`.
        if words.count > dateWords + 1, words[dateWords].starts(with: "std"), words[dateWords + 1].bytes.count == 1 {
            text = LogText(text.bytes[words[dateWords + 1].bytes.endIndex...])
            return true
        }
        // A word is the host if a time stamp follows it, rather than the module of a stack's frame.
        let second = words.count > dateWords + 1 ? words[dateWords + 1] : LogText([])
        let isHost =
            second.starts(with: "[") && (second.bytes.count == 1 || second.dropping(1).leadingInteger != nil)
            // What a host received from extended netconsole: `6,3873,1349697082,-;`.
            || second.bytes.first?.isDigit ?? false && second.contains(",") && second.contains(";")
        text = LogText(text.bytes[words[dateWords + (isHost ? 1 : 0)].bytes.startIndex...])
        return true
    }
}
