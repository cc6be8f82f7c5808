/// Takes off what is before the kernel's text in a line: mail quotes, levels, dates, hosts, time stamps, callers.
///
/// It knows the shape of each part, not of whole formats, and takes parts off as long as one fits.
struct PrefixReader {
    private var text: LogText
    private var hasPrefix = false
    private var caller: String?
    private var timestamp: String?

    init(_ text: LogText) { self.text = text }

    /// The kernel's messages in the line. Two, where a line was begun by one and ended by the next.
    mutating func messages() -> [LogMessage] {
        strip()
        var found: [LogMessage] = []
        // Console output of programs may be before a time stamp, and a second message may follow without newline.
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
        // Each round takes at least a byte, and few lines have more than four parts.
        for _ in 0..<64 {
            text = text.trimmed
            guard let first = text.bytes.first else { return }
            switch first {
            case UInt8(ascii: ">"), UInt8(ascii: "|"):
                text = text.dropping(1)
            case UInt8(ascii: ":") where hasPrefix || text.starts(with: ": ["):
                text = text.dropping(1)
            case UInt8(ascii: "\""):
                text = unquoted
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

    /// Takes off what begins with a word or a number. Cheap questions come first: most lines have nothing of the kind.
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

    /// Takes off a prefix of known length; false if there is none.
    private mutating func strip(_ length: Int?) -> Bool {
        guard let length, length > 0 else { return false }
        text = text.dropping(length)
        hasPrefix = true
        return true
    }

    /// Lines of a report kept as string literals: `"Mem-Info:",`.
    private var unquoted: LogText {
        var inner = text.dropping(1)
        if inner.ends(with: "\",") {
            inner = LogText(inner.bytes.dropLast(2))
        } else if inner.ends(with: "\"") {
            inner = LogText(inner.bytes.dropLast())
        }
        return inner
    }

    /// The end of an interrupt's frames is before the next line: `<EOI> Mem-Info:`.
    private mutating func stripStackMark() -> Bool {
        for mark in ["<EOI>", "</IRQ>", "<IRQ>"] as [StaticString] where text.starts(with: mark) {
            let rest = text.dropping(mark.utf8CodeUnitCount).trimmed
            guard rest.starts(with: "Mem-Info:") else { return false }
            text = rest
            return true
        }
        return false
    }

    /// `<4>`, and the version after it in RFC 5424.
    private mutating func stripLevel() -> Bool {
        guard let (_, rest) = text.dropping(1).leadingInteger, rest.starts(with: ">") else { return false }
        text = rest.dropping(1)
        if text.starts(with: "1 20") { text = text.dropping(2) }
        hasPrefix = true
        return true
    }

    /// `[   12.345678]`, `[Mon Mar  2 00:00:22 2026]`, `[ T1234]`, `[   C0]`; never `[  496]` of a task table.
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

    /// Extended netconsole and `/dev/kmsg`: `6,1234,5678901,-,caller=T12;`, perhaps with the release before.
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

    /// A record of comma-separated fields that begins with a date: the field that is the kernel's text.
    private mutating func stripCSV() -> Bool {
        guard let field = CSVRecord.message(in: text) else { return false }
        text = field
        hasPrefix = true
        return true
    }

    /// A date and what follows up to the tag `kernel:` (RFC 3164, RFC 5424, journalctl, ISO dates).
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

    /// A date and a host without a tag, directly before a time stamp, or a date alone.
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
        // A container runtime's stream and tag, as in `stderr F`.
        if words.count > dateWords + 1, words[dateWords].starts(with: "std"), words[dateWords + 1].bytes.count == 1 {
            text = LogText(text.bytes[words[dateWords + 1].bytes.endIndex...])
            return true
        }
        // A time stamp after it, not the module of a stack's frame, shows that a word is the host.
        let isHost =
            words.count > dateWords + 1 && words[dateWords + 1].starts(with: "[")
            && (words[dateWords + 1].bytes.count == 1 || words[dateWords + 1].dropping(1).leadingInteger != nil)
        text = LogText(text.bytes[words[dateWords + (isHost ? 1 : 0)].bytes.startIndex...])
        return true
    }
}
