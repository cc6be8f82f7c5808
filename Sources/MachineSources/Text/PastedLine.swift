import KernelText
import SourceText
import Topology

/// A line of pasted text, without quote marks and time stamps, and what its form says it is.
struct PastedLine {
    /// With its indentation.
    let text: String
    private let fields: [Substring]

    init(_ raw: String) {
        var rest = Substring(raw)
        // Mail quotes, and what a logger or terminal put first.
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

    /// Whether a block of code begins or ends here (three grave accents).
    var isFence: Bool { fields.first?.hasPrefix("```") == true }

    // MARK: Prompts

    struct Prompted: Equatable {
        var section: PastedText.Section?
        /// The path from the root of the file whose contents follow.
        var path: String?

        static let none = Prompted()
    }

    /// Reads `/sys/devices/system/node/node0/distance:10 21`, as `grep . FILES` prints it: the path from the root, and
    /// the content.
    var namedContent: (path: String, content: String)? {
        guard let first = fields.first, first.hasPrefix("/"), let colon = text.firstIndex(of: ":") else { return nil }
        let path = text[..<colon].drop { $0 == " " }
        let content = text[text.index(after: colon)...]
        guard Self.isFile(path), content.contains(where: { $0 != " " }) || path.hasSuffix("/cpulist") else {
            return nil
        }
        return (String(path.dropFirst()), String(content))
    }

    /// Whether a path is a file from which a machine is read and that has no form of its own.
    private static func isFile(_ path: Substring) -> Bool {
        ["/sys/devices/system/", "/sys/kernel/mm/", "/proc/sys/vm/"].contains(where: path.hasPrefix)
            && path.allSatisfy { $0.isLetter || $0.isNumber || "/_-.".contains($0) } && path.last != "/"
    }

    /// A shell's prompt with a command, or a heading that names a file, to which the following lines belong; nil for
    /// other lines.
    var promptedSection: Prompted? {
        guard let mark = fields.first, fields.count >= 2 || mark.hasPrefix("/proc/"), !text.hasPrefix("# CPU,") else {
            return nil
        }
        let isPrompt =
            mark == "cat" || mark == "$" || mark == "#" || mark == "%" || mark == "+" || mark == "==>" || mark == "###"
            || mark == "---"
            || (mark.last == "$" || mark.last == "#")
                && (mark.contains("@") || mark.contains(":") || mark.contains("~"))
            || mark.hasPrefix("[") && fields.count >= 3 && (fields[1].hasSuffix("]#") || fields[1].hasSuffix("]$"))
            || mark.hasPrefix("/proc/") && fields.count == 1
        guard isPrompt else { return nil }
        if let file = fields.first(where: { Self.isFile($0) }) { return Prompted(path: String(file.dropFirst())) }
        if text.mentions("/proc/zoneinfo") { return Prompted(section: .zoneinfo) }
        if text.mentions("/proc/buddyinfo") { return Prompted(section: .buddyinfo) }
        if text.mentions("/proc/pagetypeinfo") { return Prompted(section: .pagetypeinfo) }
        if text.mentions("/proc/meminfo") { return Prompted(section: .meminfo) }
        if text.mentions("/proc/vmstat") { return Prompted(section: .vmstat) }
        if text.mentions("/proc/iomem") { return Prompted(section: .iomem) }
        if text.mentions("/proc/cpuinfo") { return Prompted(section: .cpuinfo) }
        if text.mentions("/proc/cmdline") { return Prompted(section: .commandLine) }
        if text.mentions("/proc/version") { return Prompted(section: .version) }
        if text.mentions("numastat") && text.mentions("-m") { return Prompted(section: .numastatMemory) }
        if text.mentions("uname") { return Prompted(section: .uname) }
        if text.mentions("numactl") { return Prompted(section: .numactl) }
        if text.mentions("PAGESIZE") || text.mentions("PAGE_SIZE") { return Prompted(section: .pageSize) }
        return Prompted.none
    }

    // MARK: Forms

    /// The node of `Node 0 MemTotal:       32980312 kB`, a line of a node's meminfo; nil for other lines.
    var nodeOfMemory: Int? {
        guard fields.count >= 4, fields[0] == "Node", let node = Int(fields[1]), (0..<NodeID.limit).contains(node),
            fields[2].last == ":"
        else { return nil }
        return node
    }

    /// The section that the line belongs to, if the previous line belonged to `current`; nil if it is unknown.
    func section(after current: PastedText.Section?) -> PastedText.Section? {
        guard let first = fields.first else { return current }
        if let section = opening(first, after: current) { return section }
        switch current {
        case .zoneinfo, .pagetypeinfo, .numactl, .numastatMemory, .lscpu, .lsmem, .cpuinfo, .iomem, .numastat:
            return current
        case .vmstat: return fields.count == 2 && UInt64(fields[1]) != nil ? .vmstat : nil
        case .meminfo: return first.last == ":" || first.contains(":") ? .meminfo : nil
        case .version, .commandLine, .pageSize, .uname: return current
        case .buddyinfo, .sysctl, nil: return nil
        }
    }

    private func opening(_ first: Substring, after current: PastedText.Section?) -> PastedText.Section? {
        if first == "Node", fields.count >= 4, fields[1].last == ",", fields[2] == "zone" {
            if current == .pagetypeinfo { return .pagetypeinfo }
            guard fields.count > 4 else { return .zoneinfo }
            // Indices of fragmentation are printed with a decimal point.
            return fields[4].mentions(".") ? nil : .buddyinfo
        }
        if text.hasPrefix("Page block order:") { return .pagetypeinfo }
        if first == "MemTotal:" { return .meminfo }
        // In zoneinfo the same line is indented.
        if first == "nr_free_pages", fields.count == 2, current != .zoneinfo || !text.hasPrefix(" ") { return .vmstat }
        if first == "available:", fields.count > 2, fields[2].hasPrefix("nodes") { return .numactl }
        if first == "node", fields.count >= 2 {
            let isRow = fields.count >= 3 && ["cpus:", "size:", "free:"].contains(fields[2])
            let isColumns = current != .zoneinfo && fields.dropFirst().allSatisfy { Int($0) != nil }
            if isRow || isColumns || fields[1] == "distances:" { return .numactl }
        }
        if text.hasPrefix("Per-node system memory usage") { return .numastatMemory }
        if first == "node0", current != .numactl, fields.allSatisfy({ $0.hasPrefix("node") }) { return .numastat }
        if let section = openingOfUtilities(first) { return section }
        if first.hasPrefix("vm."), fields.count >= 3 && fields[1] == "=" || first.contains("=") { return .sysctl }
        if first == "PAGESIZE" || first == "PAGE_SIZE", fields.count == 2, Int(fields[1]) != nil { return .pageSize }
        if first == "Linux", fields.count > 3, fields[2].first?.isNumber == true, fields[3].hasPrefix("#") {
            return .uname
        }
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

    /// The section of an output of util-linux that the line begins; nil if it begins none.
    private func openingOfUtilities(_ first: Substring) -> PastedText.Section? {
        if first.last == ":", fields.count == 2, LSCPUText.architectureNames.contains(String(first.dropLast())) {
            return .lscpu
        }
        if text.hasPrefix("NUMA node"), fields.count >= 3, text.mentions("CPU(s):") { return .lscpu }
        let names = text.hasPrefix("# ") ? fields.last?.split(separator: ",") ?? [] : fields
        if names.contains("CPU"), names.contains("NODE") || names.contains("Node"), names.allSatisfy(Self.isColumn) {
            return .lscpu
        }
        // The older form comes from s390-tools.
        if fields.contains("RANGE"), fields.allSatisfy(Self.isColumn) { return .lsmem }
        if text.hasPrefix("Address Range"), fields.contains("State") { return .lsmem }
        if first.hasPrefix("RANGE=\"0x") || text.hasPrefix("Memory block size:") { return .lsmem }
        return nil
    }

    /// Whether the word may be a column's name: `NODE`, `L1d:L1i:L2:L3`, and `Core` of `lscpu -p`.
    private static func isColumn(_ name: Substring) -> Bool {
        name.first?.isUppercase == true && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == ":" }
    }

    /// A part of the line that occurs once in a text of a section, so that a second one shows where another text of
    /// that kind begins. Nil if the line has no such part.
    func head(of section: PastedText.Section) -> String? {
        switch section {
        case .zoneinfo, .buddyinfo:
            guard fields.count >= 4, fields[0] == "Node", fields[2] == "zone" else { return nil }
            return "\(section) \(fields[1]) \(fields[3])"
        case .meminfo: return fields.first == "MemTotal:" ? "meminfo" : nil
        case .vmstat: return fields.first == "nr_free_pages" ? "vmstat" : nil
        case .pagetypeinfo, .numastat, .numactl, .numastatMemory, .lscpu, .lsmem, .sysctl, .version, .commandLine,
            .iomem,
            .cpuinfo, .pageSize, .uname:
            return nil
        }
    }
}
