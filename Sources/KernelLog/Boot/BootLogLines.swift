/// A boot log as the kernel's messages: quoted-printable is decoded, and folded lines are joined.
struct BootLogLines {
    /// How many lines are read; a boot log has a few thousand.
    private static let lineLimit = 1_000_000
    private static let lengthLimit = 16 * 1024
    /// The shortest line that can have been folded: mail programs and terminals fold at 70 columns or more.
    private static let shortestFolded = 60

    /// Reads a log, and passes each message to `take` with the number of the line where it begins.
    static func read(_ bytes: [UInt8], _ take: (LogText, Int) -> Void) {
        let isEncoded = isQuotedPrintable(bytes)
        let isStamped = mostlyStamped(bytes)
        let isMarkup = LogText(bytes.prefix(1 << 20)).contains("&gt;")
        var open: (text: [UInt8], line: Int, isFolded: Bool)?
        func close() {
            if let open { take(LogText(open.text), open.line) }
            open = nil
        }
        var soft: [UInt8] = []
        var softStart = 0
        let lines = bytes.split(separator: 0x0A, maxSplits: lineLimit, omittingEmptySubsequences: false).prefix(
            lineLimit)
        let isReversed = isNewestFirst(lines)
        for place in lines.indices {
            let index = isReversed ? lines.endIndex - 1 - place : place
            let number = index + 1
            let raw = lines[index]
            var line = raw.prefix(lengthLimit)
            if line.last == 0x0D { line = line.dropLast() }
            if isEncoded {
                if soft.isEmpty { softStart = number }
                if line.last == UInt8(ascii: "="), soft.count < lengthLimit {
                    soft += line.dropLast()
                    continue
                }
                soft = QuotedPrintable.decoded((soft + line)[...])
                line = soft[...]
            } else {
                softStart = number
            }
            let plain = isMarkup ? WebText.decoded(line)[...] : line
            for message in LogMessage.messages(in: plain) {
                if isStamped, !message.hasPrefix, var rest = open, rest.isFolded, rest.text.count < lengthLimit {
                    rest.text.append(0x20)
                    rest.text += message.text.bytes
                    rest.isFolded = line.count >= shortestFolded
                    open = rest
                } else {
                    close()
                    open = (Array(message.text.bytes), softStart, line.count >= shortestFolded)
                }
            }
            soft = []
        }
        close()
    }

    /// Whether lines are in reverse order, as `journalctl -r` and some log viewers print them: titles then come after
    /// their lines.
    private static func isNewestFirst(_ lines: ArraySlice<ArraySlice<UInt8>>) -> Bool {
        for (index, line) in zip(lines.indices, lines) {
            let text = LogText(line.prefix(lengthLimit))
            guard text.contains("Early memory node ranges") || text.contains("Zone ranges:") else { continue }
            func hasRange(_ index: Int) -> Bool {
                lines.indices.contains(index) && LogText(lines[index].prefix(lengthLimit)).contains("[mem 0x")
            }
            if hasRange(index - 1) != hasRange(index + 1) { return hasRange(index - 1) }
        }
        return false
    }

    /// Whether a log is quoted-printable: it then has soft line breaks, and signs written as `=3D`.
    private static func isQuotedPrintable(_ bytes: [UInt8]) -> Bool {
        let text = LogText(bytes.prefix(1 << 20))
        return text.contains("=3D") && (text.contains("=\n") || text.contains("=\r\n")) || text.contains("=\n[")
            || text.contains("=20\n")
    }

    /// Whether most lines have a time stamp, judged by the first ones.
    private static func mostlyStamped(_ bytes: [UInt8]) -> Bool {
        var stamped = 0
        var bare = 0
        for line in bytes.split(separator: 0x0A, maxSplits: 400).prefix(400) {
            for message in LogMessage.messages(in: line.prefix(lengthLimit)) {
                if message.hasPrefix { stamped += 1 } else { bare += 1 }
            }
        }
        return stamped > bare
    }
}
