/// A line of a report, joined from parts that a mail program folded or an old kernel printed separately.
///
/// What a line is decides whether it continues: a line of free blocks ends with its sum, a zone's line continues with
/// more `name:NkB`. Other lines in between therefore do no harm.
struct LogicalLine {
    let item: LogItem
    var text: [UInt8]
    let hasPrefix: Bool
    let line: Int
    var lastLine: Int

    /// A report's lines are much shorter, except the free blocks of a large machine.
    static let limit = 16 * 1024

    init(item: LogItem, message: LogMessage, line: Int) {
        self.item = item
        text = Array(message.text.bytes.prefix(Self.limit))
        hasPrefix = message.hasPrefix
        self.line = line
        lastLine = line
    }

    mutating func append(_ more: LogText, line: Int) {
        text.append(0x20)
        text.append(contentsOf: more.bytes.prefix(max(0, Self.limit - text.count)))
        lastLine = line
    }

    /// Whether `message`, which does not begin a line of a report, continues this one.
    func shouldContinue(with message: LogMessage) -> Bool {
        let more = message.text
        guard let first = more.bytes.first, text.count < Self.limit else { return false }
        let isPiece = isPrintedInPieces(more, first)
        if message.hasPrefix, hasPrefix { return isPiece }
        if isPiece { return true }
        let own = LogText(text)
        switch item {
        case .slub:
            return !own.contains("gfp=") && text.count < 200 || goesOnAsHeader(own, more)
        case .allocationFailure, .oomInvoked, .vmallocFailure, .allocationStall:
            return goesOnAsHeader(own, more)
        case .cpu:
            return !LogText(text).contains(" #") || Self.releaseWord(own) == nil
        case .hardware:
            return text.last == UInt8(ascii: ",") || more.starts(with: "BIOS ")
                || text.count > 60 && !own.contains("BIOS ")
                || own.ends(with: "+")
        case .node, .zone:
            if own.ends(with: "all_unreclaimable?") { return true }
            return more.starts(with: "all_unreclaimable?") || own.ends(with: ":") && first.isDigit
                || Self.isAmount(more.firstWord) || Self.isNameOnly(more)
        case .hugePages:
            return more.starts(with: "hugepages_") && !own.contains("hugepages_size=")
        case .swapStatistics:
            return !own.contains("/") && text.count < 200
        case .taskHeader:
            return !own.ends(with: " name")
                && more.bytes.allSatisfy { $0.isLetter || $0.isBlank || $0 == UInt8(ascii: "_") }
        case .killed, .oomSummary:
            if own.ends(with: "Killed process") { return first.isDigit }
            return more.contains("-rss:") || more.contains("oom_score_adj:")
                || more.contains("=") && !own.contains("uid=")
        case .frame:
            // The module in brackets, if a mail program folded a long frame.
            return first == UInt8(ascii: "[") && more.ends(with: "]") && more.words.count == 1
                && more.dropping(1).bytes.first?.isLetter ?? false && !own.ends(with: "]")
        case .cmaFailure:
            return own.ends(with: ",") || more.starts(with: "ret: ")
        case .cmaPages:
            return !own.ends(with: "pages")
        case .slubCache:
            return !own.contains("min order:")
        case .freeSwap, .totalSwap:
            return !own.ends(with: "kB") && first.isDigit
        default:
            return false
        }
    }

    /// 4.9 and 4.10 print each number of `lowmem_reserve[]:` and each order of the free blocks as a separate line.
    private func isPrintedInPieces(_ more: LogText, _ first: UInt8) -> Bool {
        switch item {
        case .lowmemReserve:
            return more.words.allSatisfy { $0.integer != nil }
        case .freeBlocks:
            guard !isSumComplete else { return false }
            if first == UInt8(ascii: "=") || first == UInt8(ascii: "(") { return true }
            guard let (_, rest) = more.leadingInteger else { return false }
            return rest.starts(with: "*") || rest.starts(with: "kB") || rest.starts(with: "_")
        default:
            return false
        }
    }

    private var isSumComplete: Bool {
        LogText(text).after("=")?.trimmed.ends(with: "kB") ?? false
    }

    private func goesOnAsHeader(_ own: LogText, _ more: LogText) -> Bool {
        if text.last == UInt8(ascii: ",") || own.ends(with: ":") || own.ends(with: "order:") { return true }
        let starts: [StaticString] = [
            "mode:", "gfp_mask=", "gfp=", "order:", "order=", "nodemask=", "cpuset=", "mems_allowed=", "oom_score_adj=",
            "oom_adj=", "failed to", "page order", "vm_struct",
        ]
        return starts.contains { more.starts(with: $0) }
            || LogText(text).bytes.filter { $0 == UInt8(ascii: "(") }.count
                > LogText(text).bytes.filter { $0 == UInt8(ascii: ")") }.count
    }

    /// The first word after the taint that looks like a kernel release.
    static func releaseWord(_ text: LogText) -> LogText? {
        guard let tail = text.after("ainted") else { return nil }
        return tail.words.first { word in
            guard let (_, rest) = word.leadingInteger, rest.starts(with: ".") else { return false }
            return rest.dropping(1).bytes.first.map { $0.isDigit || $0 == UInt8(ascii: "x") } ?? false
        }
    }

    /// Whether a word is `name:12kB`, `isolated(anon):0kB`, or just the value of the name that ended the line before.
    private static func isAmount(_ word: LogText) -> Bool {
        guard let colon = word.bytes.firstIndex(of: UInt8(ascii: ":")), colon > word.bytes.startIndex else {
            return false
        }
        let value = LogText(word.bytes[(colon + 1)...])
        return value.isEmpty || value.leadingInteger.map { $0.rest.isEmpty || $0.rest.bytes.count == 2 } ?? false
    }

    private static func isNameOnly(_ text: LogText) -> Bool {
        text.bytes.first?.isLetter == true && text.ends(with: "kB") && text.contains(":")
    }
}
