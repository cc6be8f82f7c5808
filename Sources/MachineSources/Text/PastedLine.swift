import Topology

/// A line of pasted text, freed of quote marks and time stamps, and what it is by its form.
struct PastedLine {
    /// With its indent.
    let text: String
    private let fields: [Substring]

    init(_ raw: String) {
        var rest = Substring(raw)
        // Mail quotes, and what a logger or terminal put before.
        while rest.first == ">" || rest.hasPrefix("| ") { rest = rest.dropFirst(rest.dropFirst().first == " " ? 2 : 1) }
        if rest.first == "[", let close = rest.prefix(40).firstIndex(of: "]"),
            rest[rest.index(after: rest.startIndex)..<close].contains(where: \.isNumber)
        {
            rest = rest[rest.index(after: close)...]
            if rest.first == " " { rest = rest.dropFirst() }
        }
        text = String(rest.map { $0 == "\u{A0}" || $0 == "\t" ? " " : $0 })
        fields = text.split(separator: " ")
    }

    var isBlank: Bool { fields.isEmpty }

    // MARK: Prompts

    struct Prompted: Equatable {
        var section: PastedText.Section?

        static let none = Prompted(section: nil)
    }

    /// A shell's prompt with a command, or a headline that names a file: what follows belongs to it. Nil: no such line.
    var promptedSection: Prompted? {
        guard let mark = fields.first, fields.count >= 2 || text.hasPrefix("/proc/") || text.hasPrefix("==> ") else {
            return nil
        }
        let isPrompt =
            mark == "$" || mark == "#" || mark == "%" || mark == "+" || mark == "==>" || mark == "###" || mark == "---"
            || (mark.last == "$" || mark.last == "#")
                && (mark.contains("@") || mark.contains(":") || mark.contains("~"))
            || mark.hasPrefix("[") && fields.count >= 3 && (fields[1].hasSuffix("]#") || fields[1].hasSuffix("]$"))
            || mark.hasPrefix("/proc/") && fields.count == 1
        guard isPrompt else { return nil }
        if text.contains("/proc/zoneinfo") { return Prompted(section: .zoneinfo) }
        if text.contains("/proc/buddyinfo") { return Prompted(section: .buddyinfo) }
        if text.contains("/proc/pagetypeinfo") { return Prompted(section: .pagetypeinfo) }
        if text.contains("/proc/meminfo") { return Prompted(section: .meminfo) }
        if text.contains("/proc/vmstat") { return Prompted(section: .vmstat) }
        if text.contains("/proc/iomem") { return Prompted(section: .iomem) }
        if text.contains("/proc/cpuinfo") { return Prompted(section: .cpuinfo) }
        if text.contains("/proc/cmdline") { return Prompted(section: .commandLine) }
        if text.contains("/proc/version") { return Prompted(section: .version) }
        if text.contains("numastat") && text.contains("-m") { return Prompted(section: .numastatMemory) }
        if text.contains("numactl") { return Prompted(section: .numactl) }
        if text.contains("PAGESIZE") || text.contains("PAGE_SIZE") { return Prompted(section: .pageSize) }
        return Prompted.none
    }

    // MARK: Forms

    /// `Node 0 MemTotal:       32980312 kB`: a line of a node's meminfo.
    var nodeOfMemory: Int? {
        guard fields.count >= 4, fields[0] == "Node", let node = Int(fields[1]), (0..<NodeID.limit).contains(node),
            fields[2].last == ":"
        else { return nil }
        return node
    }

    /// What the line belongs to, if the line before belonged to `current`; nil: to nothing known.
    func section(after current: PastedText.Section?) -> PastedText.Section? {
        guard let first = fields.first else { return current }
        if let section = opening(first, after: current) { return section }
        switch current {
        case .zoneinfo, .pagetypeinfo, .numactl, .numastatMemory, .lscpu, .lsmem, .cpuinfo, .iomem, .numastat:
            return current
        case .vmstat: return fields.count == 2 && UInt64(fields[1]) != nil ? .vmstat : nil
        case .meminfo: return first.last == ":" || first.contains(":") ? .meminfo : nil
        case .version, .commandLine, .pageSize: return current
        case .buddyinfo, .sysctl, nil: return nil
        }
    }

    private func opening(_ first: Substring, after current: PastedText.Section?) -> PastedText.Section? {
        if first == "Node", fields.count >= 4, fields[1].last == ",", fields[2] == "zone" {
            if current == .pagetypeinfo { return .pagetypeinfo }
            return fields.count > 4 ? .buddyinfo : .zoneinfo
        }
        if text.hasPrefix("Page block order:") { return .pagetypeinfo }
        if first == "MemTotal:" { return .meminfo }
        if first == "nr_free_pages", fields.count == 2, !text.hasPrefix(" ") { return .vmstat }
        if first == "available:", fields.count > 2, fields[2].hasPrefix("nodes") { return .numactl }
        if first == "node", fields.count >= 2 {
            let isRow = fields.count >= 3 && ["cpus:", "size:", "free:"].contains(fields[2])
            let isColumns = current != .zoneinfo && fields.dropFirst().allSatisfy { Int($0) != nil }
            if isRow || isColumns || fields[1] == "distances:" { return .numactl }
        }
        if text.hasPrefix("Per-node system memory usage") { return .numastatMemory }
        if first == "node0", current != .numactl, fields.allSatisfy({ $0.hasPrefix("node") }) { return .numastat }
        if first == "Architecture:", fields.count == 2 { return .lscpu }
        if first == "RANGE", fields.count > 2, fields[1] == "SIZE" { return .lsmem }
        if first.hasPrefix("vm."), fields.count >= 3, fields[1] == "=" { return .sysctl }
        if text.hasPrefix("Linux version ") { return .version }
        if first.hasPrefix("BOOT_IMAGE=") { return .commandLine }
        if first == "processor", fields.count == 3, fields[1] == ":", Int(fields[2]) != nil { return .cpuinfo }
        if fields.count >= 3, fields[1] == ":", first.contains("-"), first.count >= 17,
            first.allSatisfy({ $0.isHexDigit || $0 == "-" })
        {
            return .iomem
        }
        return nil
    }
}
