import KernelText
import Topology

/// One text in which several of the kernel's small texts, and outputs of tools, stand one after the other, as people
/// paste them: with prompts, quote marks and time stamps.
///
/// Each becomes a file of a tree, in which its lines keep their numbers.
struct PastedText {
    /// By path from the tree's root.
    private(set) var files: [String: [UInt8]] = [:]
    /// Names of what was found, for people.
    private(set) var found: [String] = []

    /// What a line belongs to.
    enum Section: String, CaseIterable, Hashable {
        case zoneinfo = "proc/zoneinfo"
        case buddyinfo = "proc/buddyinfo"
        case pagetypeinfo = "proc/pagetypeinfo"
        case meminfo = "proc/meminfo"
        case vmstat = "proc/vmstat"
        case numastat = "numastat"
        case numactl
        case numastatMemory = "numastat_-m"
        case lscpu
        case lsmem
        case sysctl
        case version = "proc/version"
        case commandLine = "proc/cmdline"
        case iomem = "proc/iomem"
        case cpuinfo = "proc/cpuinfo"
        case pageSize = "pagesize"

        /// What people call it.
        var title: String {
            switch self {
            case .zoneinfo, .buddyinfo, .pagetypeinfo, .meminfo, .vmstat, .version, .commandLine, .iomem, .cpuinfo:
                "/" + rawValue
            case .numastat: "numastat"
            case .numactl: "numactl -H"
            case .numastatMemory: "numastat -m"
            case .lscpu: "lscpu"
            case .lsmem: "lsmem"
            case .sysctl: "sysctl -a"
            case .pageSize: "getconf PAGESIZE"
            }
        }
    }

    /// Lines that are looked at; a machine's texts together have some ten thousand.
    private static let lineLimit = 1_000_000

    init(_ bytes: [UInt8]) {
        var sections: [Section: [String]] = [:]
        var nodeMemory: [Int: [String]] = [:]
        var current: Section?
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).prefix(Self.lineLimit)
        for (index, raw) in lines.enumerated() {
            let line = PastedLine(String(decoding: raw.last == 0x0D ? raw.dropLast() : raw, as: UTF8.self))
            if let named = line.promptedSection {
                current = named == .none ? nil : named.section
                continue
            }
            if let node = line.nodeOfMemory {
                Self.put(line.text, at: index, in: &nodeMemory[node, default: []])
                current = .meminfo
                continue
            }
            current = line.section(after: current)
            guard let current, !line.isBlank else { continue }
            Self.put(line.text, at: index, in: &sections[current, default: []])
        }
        for (section, lines) in sections where section != .numastat {
            files[section.rawValue] = Array((lines.joined(separator: "\n") + "\n").utf8)
        }
        for (node, lines) in nodeMemory {
            files["\(FileTree.nodes)/node\(node)/meminfo"] = Array((lines.joined(separator: "\n") + "\n").utf8)
        }
        found = Section.allCases.filter { sections[$0] != nil }.map(\.title)
        if !nodeMemory.isEmpty { found.append("meminfo of \(nodeMemory.count) nodes") }
    }

    /// Lines of other sections are left empty, so that a line's number stays what it is.
    private static func put(_ text: String, at index: Int, in lines: inout [String]) {
        while lines.count < index { lines.append("") }
        lines.append(text)
    }

    /// Whether a machine may be in it.
    var tellsMachine: Bool {
        let telling: [Section] = [
            .zoneinfo, .buddyinfo, .pagetypeinfo, .meminfo, .numactl, .numastatMemory, .lsmem, .lscpu,
        ]
        return telling.contains { files[$0.rawValue] != nil } || files.keys.contains { $0.hasPrefix(FileTree.nodes) }
    }
}
