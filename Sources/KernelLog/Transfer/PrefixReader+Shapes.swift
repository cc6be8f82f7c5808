import SourceText

/// The shapes of a prefix's parts.
extension PrefixReader {
    static func isLoggerHead(_ text: LogText) -> Bool {
        let words = text.words
        guard let first = words.first, words.count <= 8 else { return false }
        return isISODate(first) || isMonth(first) || isSeconds(first) || words.count == 1
            || words.contains(where: isClock)
    }

    static func isSeconds(_ text: LogText) -> Bool {
        guard let (_, rest) = text.leadingInteger, rest.starts(with: ".") else { return false }
        let fraction = rest.dropping(1)
        return fraction.bytes.count >= 3 && fraction.bytes.count <= 9 && fraction.bytes.allSatisfy(\.isDigit)
    }

    static func isDate(_ text: LogText) -> Bool {
        let words = text.words
        return words.count == 5 && isMonth(words[1]) && isClock(words[3])
    }

    static func isCaller(_ text: LogText) -> Bool {
        (text.starts(with: "T") || text.starts(with: "C")) && text.dropping(1).integer != nil
    }

    static func isMonth(_ text: LogText) -> Bool { DateWords.isMonth(text.bytes) }

    static func isClock(_ text: LogText) -> Bool { DateWords.isClock(text.bytes) }

    static func isISODate(_ text: LogText) -> Bool { DateWords.isISODate(text.bytes) }

    /// The first `[  12.345678]` of the text.
    static func firstStamp(in text: LogText) -> Range<Int>? {
        var start = text.bytes.startIndex
        while let open = text.bytes[start...].firstIndex(of: UInt8(ascii: "[")) {
            let rest = text.bytes[(open + 1)...].prefix(24)
            if let close = rest.firstIndex(of: UInt8(ascii: "]")), isSeconds(LogText(rest[..<close]).trimmed) {
                return open..<close + 1
            }
            start = open + 1
        }
        return nil
    }

    /// The length of `kern  :warn  : `, which `dmesg -x` prints; nil if there is none.
    static func facilityLength(_ text: LogText) -> Int? {
        guard text.starts(with: "kern"), let colon = text.bytes.prefix(10).firstIndex(of: UInt8(ascii: ":")),
            LogText(text.bytes[..<colon]).trimmed.bytes.count == 4
        else { return nil }
        let level = text.bytes[(colon + 1)...].prefix(10)
        guard let end = level.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        return end + 1 - text.bytes.startIndex
    }

    /// Whether a text is what `dmesg` prints in brackets: `5.120864 <    0.000123>`, `<    0.000123>`, `+0.000123`,
    /// `Mar 2 00:00`, `Mar02 00:00`.
    static func isRelativeTime(_ text: LogText) -> Bool {
        if text.starts(with: "+") { return isSeconds(text.dropping(1)) }
        if text.ends(with: ">"), let open = text.bytes.firstIndex(of: UInt8(ascii: "<")) {
            let head = LogText(text.bytes[..<open]).trimmed
            let delta = LogText(text.bytes[(open + 1)...].dropLast()).trimmed
            return (head.isEmpty || isSeconds(head)) && isSeconds(delta)
        }
        let words = text.words
        guard let clock = words.last, clock.bytes.count == 5, clock.contains(":") else { return false }
        // `dmesg -H`, once a minute; a month of three letters and the day.
        if words.count == 2, words[0].bytes.count == 5 {
            return isMonth(LogText(words[0].bytes.prefix(3))) && words[0].dropping(3).integer != nil
        }
        return words.count == 3 && isMonth(words[0]) && words[1].integer != nil
    }

    /// Whether a text is `2026-03-02 00:00:22`, as terminal programs print it, or `03-02 00:00:22.306`, as some
    /// vendors' kernels do.
    static func isDayAndClock(_ text: LogText) -> Bool {
        let words = text.words
        return words.count == 2 && [5, 10].contains(words[0].bytes.count) && words[0].contains("-")
            && words[0].leadingInteger != nil && isClock(words[1])
    }

    /// The length of `00177 `, the seconds since a test began; nil if there is none. No line of the kernel begins with
    /// a padded number.
    static func secondsLength(_ text: LogText) -> Int? {
        guard text.starts(with: "0"), let (_, rest) = text.leadingInteger, rest.bytes.first == 0x20 else { return nil }
        let digits = rest.bytes.startIndex - text.bytes.startIndex
        return digits >= 4 && digits <= 6 ? digits + 1 : nil
    }

    /// The length of Android's `03-02 00:00:22.306     0     0 W         : `, with or without the kernel's tag; nil if
    /// there is none.
    ///
    /// - Parameters:
    ///   - text: The line.
    ///   - first: The line's first word.
    static func logcatLength(_ text: LogText, first: LogText) -> Int? {
        guard [5, 10].contains(first.bytes.count) else { return nil }
        let head = LogText(text.bytes.prefix(96))
        let words = head.words
        guard words.count > 4, words[0].contains("-"), isClock(words[1]),
            words[2].integer != nil, words[3].integer != nil, words[4].bytes.count == 1
        else { return nil }
        let level = words[4].bytes.endIndex
        let rest = LogText(head.bytes[level...]).trimmed
        for tag in ["kernel", "linux", "KERNEL", ""] as [StaticString] where rest.starts(with: tag) {
            let after = rest.dropping(tag.utf8CodeUnitCount).trimmed
            if after.starts(with: ":") { return after.bytes.startIndex + 1 - text.bytes.startIndex }
        }
        return level - text.bytes.startIndex
    }

    /// The length of `10.5.0.2: kern: warning: `, which talosctl prints; nil if there is none.
    static func talosLength(_ text: LogText) -> Int? {
        let words = LogText(text.bytes.prefix(96)).words
        guard words.count > 3, words[0].ends(with: ":"), words[1].bytes.elementsEqual("kern:".utf8),
            words[2].ends(with: ":")
        else { return nil }
        return words[2].bytes.endIndex - text.bytes.startIndex
    }

    /// Whether a text is `0:   ifconfig:48544`: the CPU, the task's name and its ID.
    static func isVendorTask(_ text: LogText) -> Bool {
        guard let (_, rest) = text.leadingInteger, rest.starts(with: ":"),
            let colon = rest.dropping(1).bytes.lastIndex(of: UInt8(ascii: ":"))
        else { return false }
        return LogText(rest.bytes[(colon + 1)...]).trimmed.leadingInteger != nil
    }

    /// The length of `(0)[12:kworker/0:1]` or `-(0)[12:kworker/0:1]`, which vendors' kernels print before the text; nil
    /// if there is none.
    static func vendorTaskLength(_ text: LogText) -> Int? {
        let isInterrupted = text.starts(with: "-(")
        guard isInterrupted || text.starts(with: "("),
            let (_, rest) = text.dropping(isInterrupted ? 2 : 1).leadingInteger, rest.starts(with: ")["),
            let (_, task) = rest.dropping(2).leadingInteger, task.starts(with: ":"),
            let close = task.bytes.prefix(40).firstIndex(of: UInt8(ascii: "]"))
        else { return nil }
        return close + 1 - text.bytes.startIndex
    }
}
