import KernelText
import Topology

/// A text in which several of the kernel's small texts, and outputs of tools, follow one another, as people paste them:
/// with prompts, quote marks and time stamps.
///
/// Each becomes a file of a tree, in which its lines keep their numbers.
struct PastedText {
    /// By path from the tree's root.
    private(set) var files: [String: [UInt8]] = [:]
    /// Names of the texts found.
    private(set) var found: [String] = []
    /// Notes on lines that do not belong to any known text.
    private(set) var notes: [SourceNote] = []

    /// The text that a line belongs to.
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
        case uname

        /// The text's usual name.
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
            case .uname: "uname -a"
            }
        }
    }

    /// How many lines are examined; a machine's texts have some ten thousand in all.
    private static let lineLimit = 1_000_000

    init(_ bytes: [UInt8]) {
        var reader = PastedTextReader()
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).prefix(Self.lineLimit)
        func text(_ line: ArraySlice<UInt8>) -> String {
            String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
        }
        let logger = LoggerPrefix(lines.lazy.map { text($0)[...] })
        for (index, raw) in lines.enumerated() {
            let line = text(raw)
            reader.read(logger.map { String($0.dropped(from: line[...])) } ?? line, at: index)
        }
        reader.finish()
        notes = reader.notes
        files = reader.files.mapValues(Self.content)
        for (section, lines) in reader.sections {
            files[section.rawValue] = Self.content(lines)
        }
        for (node, lines) in reader.nodeMemory {
            files["\(FileTree.nodes)/node\(node)/meminfo"] = Self.content(lines)
        }
        found = Section.allCases.filter { reader.sections[$0] != nil }.map(\.title)
        if !reader.nodeMemory.isEmpty { found.append("meminfo of \(reader.nodeMemory.count) nodes") }
        if !reader.files.isEmpty { found.append("\(reader.files.count) files of /sys and /proc") }
    }

    private static func content(_ lines: [String]) -> [UInt8] { Array((lines.joined(separator: "\n") + "\n").utf8) }

    /// Whether it may describe a machine.
    var tellsMachine: Bool {
        let telling: [Section] = [
            .zoneinfo, .buddyinfo, .pagetypeinfo, .meminfo, .numactl, .numastatMemory, .lsmem, .lscpu,
        ]
        return telling.contains { files[$0.rawValue] != nil } || files.keys.contains { $0.hasPrefix(FileTree.nodes) }
            || tellsAddresses
    }

    /// Whether iomem has addresses: without root privileges, all of them are zero.
    private var tellsAddresses: Bool {
        guard let bytes = files[Section.iomem.rawValue] else { return false }
        return (try? IOMemoryText(parsing: bytes, name: "iomem"))?.systemRAM.isEmpty == false
    }
}
