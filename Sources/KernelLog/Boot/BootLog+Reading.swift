import GFP
import Topology

extension BootLog {
    /// Reads a boot log, with or without time stamps and whatever loggers and mail programs add.
    public init(_ log: some Sequence<UInt8>) {
        var reader = BootLogReader()
        BootLogLines.read(Array(log)) { text, line in reader.read(text, line: line) }
        reader.finish()
        self = reader.log
        for node in cpus.keys { cpus[node] = Array(Set(cpus[node] ?? [])).sorted() }
        for group in cpuGroups.keys { cpuGroups[group] = Array(Set(cpuGroups[group] ?? [])).sorted() }
    }

    public init(_ log: String) { self.init(log.utf8) }
}

/// Reads a boot log message by message. Separate extensions read lines about memory, CPUs and the architecture.
struct BootLogReader {
    var log = BootLog()
    var line = 0
    /// The block that the last line belonged to, whose lines only make sense under its title.
    var part = Part.none
    /// The last earlier boot that described memory.
    private var earlier: BootLog?

    enum Part: Hashable {
        case none
        case zones
        /// In page frames (kernels up to 3.3).
        case zonesInPages
        case movable
        case movableInPages
        case nodes
        case nodesInPages
        /// The lines about the zones of a node.
        case zonesOfNode(NodeID)
        /// A list of a node's CPUs, which continues in the next line.
        case cpus(NodeID)
    }

    mutating func read(_ text: LogText, line: Int) {
        self.line = line
        if text.starts(with: "Linux version ") { beginBoot() }
        if readPart(text) { return }
        if case .cpus = part {} else { part = .none }
        readArchitectureSign(text)
        readPageSizeSign(text)
        if readTitle(text) { return }
        if let release = ReportAssembler.release(text) {
            // A log of several boots is about the last one.
            log.kernelRelease = release
        } else if text.starts(with: "Command line: ") || text.starts(with: "Kernel command line: ") {
            log.commandLine = text.after("ommand line: ")?.string
        } else if !readFirmware(text), !readNode(text), !readCPUs(text) {
            readSummary(text)
        }
    }

    /// Begins a boot. A log of several boots, or of one printed on two consoles, is about the last; earlier ones are
    /// ignored.
    private mutating func beginBoot() {
        part = .none
        guard log.tellsMemory else {
            // What comes before the first line, such as a boot loader's output, is not a boot.
            if log.kernelRelease != nil { log = BootLog(after: log.earlierBoots) }
            return
        }
        log.scalePageFrames()
        earlier = log
        log = BootLog(after: log.earlierBoots + 1)
    }

    /// Ends the log. A last boot that is cut off before it describes memory does not count.
    mutating func finish() {
        log.scalePageFrames()
        if var earlier, !log.tellsMemory {
            earlier.kernelRelease = earlier.kernelRelease ?? log.kernelRelease
            earlier.commandLine = earlier.commandLine ?? log.commandLine
            earlier.pageSizes += log.pageSizes
            earlier.architectures += log.architectures
            log = earlier
        }
        if log.earlierBoots > 0 {
            log.notes.append(
                SourceNote(.used, "The log has \(log.earlierBoots + 1) boots: it is read from the last one on."))
        }
    }

    private mutating func readTitle(_ text: LogText) -> Bool {
        if text.starts(with: "Zone ranges:") || text.starts(with: "Zone PFN ranges:") {
            part = text.contains("PFN") ? .zonesInPages : .zones
            log.zoneRanges = []
            if text.contains("PFN") { log.printsPageFrames = true }
        } else if text.starts(with: "Movable zone start for each node") {
            part = .movable
            log.movableStarts = [:]
            log.listsMovableStarts = true
        } else if text.starts(with: "Movable zone start PFN") {
            part = .movableInPages
            log.movableStarts = [:]
            log.listsMovableStarts = true
        } else if text.starts(with: "Early memory node ranges") {
            part = .nodes
            log.nodeRanges = []
        } else if text.starts(with: "early_node_map[") || text.starts(with: "Early memory PFN ranges")
            || text.starts(with: "Early memory node PFN")
        {
            part = .nodesInPages
            log.nodeRanges = []
            log.printsPageFrames = true
        } else {
            return false
        }
        return true
    }

    /// Reads an indented line under a title.
    private mutating func readPart(_ text: LogText) -> Bool {
        switch part {
        case .none: return false
        case .zones, .zonesInPages:
            guard let name = text.words.first, ZoneKind(kernelName: name.string) != nil || name.string == "ExtMem"
            else {
                return false
            }
            let range = part == .zones ? Self.range(text) : Self.pageRange(text)
            // An empty zone is printed as one that ends where it begins, or as "empty".
            guard range != nil || text.ends(with: "empty") || part == .zonesInPages && text.contains("->") else {
                return false
            }
            log.zoneRanges.append(BootLog.ZoneRange(name: name.string, range: range))
            return true
        case .movable, .movableInPages:
            guard text.starts(with: "Node "), let (node, rest) = Self.node(text.dropping(5)), rest.starts(with: ":"),
                let start = part == .movable
                    ? rest.dropping(1).trimmed.leadingHexadecimal : Self.pageFrame(rest.dropping(1).trimmed)
            else { return false }
            let (bytes, overflows) = start.multipliedReportingOverflow(by: part == .movable ? 1 : Self.oldPageSize)
            if !overflows { log.movableStarts[node] = bytes }
            return true
        case .nodes:
            guard text.starts(with: "node "), let (node, _) = Self.node(text.dropping(5).trimmed),
                let range = Self.range(text)
            else { return false }
            log.nodeRanges.append(BootLog.NodeRange(node: node, range: range))
            return true
        case .nodesInPages:
            guard let (node, rest) = Self.node(text), rest.starts(with: ":"), let range = Self.pageRange(rest) else {
                return false
            }
            log.nodeRanges.append(BootLog.NodeRange(node: node, range: range))
            return true
        case .zonesOfNode(let node): return readZone(text, of: node)
        case .cpus(let node):
            guard text.starts(with: "#"),
                text.words.allSatisfy({ $0.starts(with: "#") || $0.string == "Ok." || $0.string == "OK" })
            else { return false }
            log.cpus[node, default: []] += Self.numberedCPUs(text)
            return true
        }
    }

    /// Reads `  DMA zone: 3951 pages, LIFO batch:0` or `  DMA zone: 32 pages used for memmap`.
    private mutating func readZone(_ text: LogText, of node: NodeID) -> Bool {
        if text.starts(with: "free_area_init_node") { return true }
        guard let name = text.before(" zone: "), let kind = ZoneKind(kernelName: name.trimmed.string),
            let (pages, rest) = text.after(" zone: ")?.leadingInteger, rest.starts(with: " pages")
        else { return false }
        let name2 = kind.kernelName
        let index =
            log.zonePages.firstIndex { $0.node == node && $0.zone == name2 }
            ?? {
                log.zonePages.append(BootLog.ZonePages(node: node, zone: name2, pages: 0, describing: 0))
                return log.zonePages.count - 1
            }()
        if rest.contains("used for memmap") {
            log.zonePages[index].describing = max(0, pages)
        } else if !rest.contains("reserved") {
            log.zonePages[index].pages = max(0, pages)
            log.zonePages[index].batch = rest.after("LIFO batch:")?.leadingInteger?.value
        }
        return true
    }
}

extension BootLog {
    fileprivate init(after earlierBoots: Int) {
        self.init()
        self.earlierBoots = earlierBoots
    }
}

// MARK: Pieces

extension BootLogReader {
    /// Kernels that print page frames where later ones print addresses nearly always have 4096-byte pages;
    /// ``BootLog/scalePageFrames()`` corrects the others at the end.
    static let oldPageSize: UInt64 = 4096

    static func node(_ text: LogText) -> (node: NodeID, rest: LogText)? {
        guard let (value, rest) = text.leadingInteger, value >= 0, value < NodeID.limit else { return nil }
        return (NodeID(value), rest)
    }

    /// Reads `[mem 0x0000000000001000-0x000000000009efff]`, whose end is inclusive, or `0-a0000` or `0000000000000000 -
    /// 000000000009fc00` of kernels up to 3.3, whose end is exclusive.
    static func range(_ text: LogText) -> ClosedRange<UInt64>? {
        if let inner = text.after("[mem ") {
            guard let low = inner.leadingHexadecimal, let high = inner.after("-")?.leadingHexadecimal, low <= high
            else { return nil }
            return low...high
        }
        for word in [text.trimmed] + text.words where word.bytes.first?.isHexDigit == true {
            guard let dash = word.after("-")?.trimmed, let low = word.leadingHexadecimal,
                let end = dash.leadingHexadecimal, low < end,
                word.before("-")?.trimmed.bytes.allSatisfy({ $0.isHexDigit || $0 == UInt8(ascii: "x") }) == true
            else { continue }
            return low...end - 1
        }
        return nil
    }

    /// Reads `0x00000010 -> 0x0000009f`, or `16 -> 159` up to 2.6.30: page frames, with an exclusive end.
    static func pageRange(_ text: LogText) -> ClosedRange<UInt64>? {
        guard let arrow = text.firstRange(of: "->"),
            let first = LogText(text.bytes[..<arrow.lowerBound]).words.last.flatMap(pageFrame),
            let end = pageFrame(LogText(text.bytes[arrow.upperBound...]).trimmed), first < end,
            end <= UInt64.max / BootLog.largestPage
        else { return nil }
        return first * oldPageSize...end * oldPageSize - 1
    }

    /// Reads `0x0000009f`, or `159` up to 2.6.30.
    static func pageFrame(_ text: LogText) -> UInt64? {
        text.starts(with: "0x")
            ? text.leadingHexadecimal : text.leadingInteger.flatMap { UInt64(exactly: $0.value) }
    }

    /// Reads the CPUs of `#1 #2 #3 Ok.`
    static func numberedCPUs(_ text: LogText) -> [CPUID] {
        text.words.compactMap { word -> CPUID? in
            guard word.starts(with: "#"), let cpu = word.dropping(1).leadingInteger?.value else { return nil }
            return UInt32(exactly: cpu).map { CPUID(rawValue: $0) }
        }
    }
}
