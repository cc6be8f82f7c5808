import GFP
import Topology

extension BootLog {
    /// Lines looked at; a boot log has some thousand.
    private static let lineLimit = 1_000_000

    /// Reads a boot log, with or without time stamps and what loggers put before.
    public init(_ log: some Sequence<UInt8>) {
        let bytes = Array(log)
        var reader = Reader()
        for line in bytes.split(separator: 0x0A).prefix(Self.lineLimit) {
            for message in LogMessage.messages(in: line.prefix(16 * 1024)) { reader.read(message.text) }
        }
        self = reader.log
        for node in cpus.keys { cpus[node] = Array(Set(cpus[node] ?? [])).sorted() }
    }

    public init(_ log: String) { self.init(log.utf8) }

    private struct Reader {
        var log = BootLog()
        var part = Part.none

        enum Part {
            case none
            case zones
            case movable
            case nodes
        }

        mutating func read(_ text: LogText) {
            if readPart(text) { return }
            part = .none
            if text.starts(with: "Zone ranges:") {
                part = .zones
                log.zoneRanges = []
            } else if text.starts(with: "Movable zone start for each node")
                || text.starts(with: "Movable zone start PFN")
            {
                part = .movable
            } else if text.starts(with: "Early memory node ranges") {
                part = .nodes
                log.nodeRanges = []
            } else if let release = ReportAssembler.release(text) {
                log.kernelRelease = release
            } else if text.starts(with: "Command line: ") || text.starts(with: "Kernel command line: ") {
                log.commandLine = text.after("ommand line: ")?.string
            } else if !readFirmware(text), !readNode(text) {
                readSummary(text)
            }
        }

        // MARK: Blocks

        /// The indented lines after a title.
        private mutating func readPart(_ text: LogText) -> Bool {
            switch part {
            case .none:
                return false
            case .zones:
                guard let name = text.words.first, ZoneKind(kernelName: name.string) != nil else { return false }
                let range = Self.range(text)
                guard range != nil || text.ends(with: "empty") else { return false }
                log.zoneRanges.append(ZoneRange(name: name.string, range: range))
                return true
            case .movable:
                guard text.starts(with: "Node "), let (node, rest) = Self.node(text.dropping(5)),
                    rest.starts(with: ":"),
                    let start = rest.dropping(1).trimmed.leadingHexadecimal
                else { return false }
                log.movableStarts[node] = start
                return true
            case .nodes:
                guard text.starts(with: "node "), let (node, _) = Self.node(text.dropping(5).trimmed),
                    let range = Self.range(text)
                else { return false }
                log.nodeRanges.append(NodeRange(node: node, range: range))
                return true
            }
        }

        // MARK: Firmware

        private mutating func readFirmware(_ text: LogText) -> Bool {
            if text.starts(with: "BIOS-e820: ") {
                guard let range = Self.range(text), let type = text.after("] ") else { return true }
                log.firmwareMap.append(FirmwareRange(range: range, type: type.trimmed.string))
                return true
            }
            // 2.6: `SRAT: Node 0 PXM 0 0-a0000`; later `ACPI: SRAT: Node 0 PXM 0 [mem ...]`.
            if let rest = text.after("SRAT: Node "), let (node, tail) = Self.node(rest),
                let domain = tail.after("PXM ")?.leadingInteger?.value
            {
                guard let range = Self.range(tail) else {
                    log.notes.append("The SRAT line of node \(node) has no range that could be read.")
                    return true
                }
                log.affinities.append(
                    Affinity(
                        node: node, proximityDomain: domain, range: range, isHotPluggable: tail.contains("hotplug")))
                return true
            }
            if let rest = text.after("SRAT: PXM "), let (domain, tail) = rest.leadingInteger,
                let apic = tail.after("APIC ")?.leadingHexadecimal, let number = Int(exactly: apic),
                let (node, _) = tail.after("Node ").flatMap(Self.node)
            {
                log.processors.append(Processor(proximityDomain: domain, apic: number, node: node))
                return true
            }
            if text.starts(with: "No NUMA configuration found") || text.starts(with: "Faking a node at ") {
                log.isFakeNode = true
                return true
            }
            return false
        }

        // MARK: Nodes

        private mutating func readNode(_ text: LogText) -> Bool {
            if let rest = text.after("Initmem setup node "), let (node, tail) = Self.node(rest) {
                if let range = Self.range(tail) {
                    log.nodeSpans[node] = range
                } else if tail.contains("memoryless") {
                    log.memorylessNodes.insert(node)
                }
                return true
            }
            if text.starts(with: "On node "), let (node, tail) = Self.node(text.dropping(8)),
                let zone = tail.after("zone ")?.prefix(until: UInt8(ascii: ":")),
                let pages = tail.after(": ")?.leadingInteger?.value
            {
                log.unavailable.append(Unavailable(node: node, zone: zone.string, pages: pages))
                return true
            }
            if let rest = text.after("Fallback order for Node "), let (node, tail) = Self.node(rest) {
                log.fallbackOrder[node] = tail.dropping(1).words.compactMap { Self.node($0)?.node }
                return true
            }
            // `.... node  #1, CPUs:      #1 #2`, `Booting Node   1, Processors  #2 #3`.
            let place = text.after("node  #") ?? text.after("ooting Node ")
            if let place, let (node, tail) = Self.node(place.trimmed),
                tail.contains("CPUs:") || tail.contains("rocessors")
            {
                // After the node all numbers are CPUs, each behind `#`.
                let cpus = tail.words.compactMap { word -> CPUID? in
                    guard word.starts(with: "#"), let cpu = word.dropping(1).leadingInteger?.value else { return nil }
                    return UInt32(exactly: cpu).map { CPUID(rawValue: $0) }
                }
                log.cpus[node, default: []] += cpus
                return true
            }
            return false
        }

        private mutating func readSummary(_ text: LogText) {
            if text.starts(with: "Built "), let count = text.dropping(6).leadingInteger?.value,
                text.contains(" zonelists")
            {
                log.zonelistCount = count
                log.totalPages = text.after("Total pages: ")?.leadingInteger?.value
            } else if text.starts(with: "Policy zone: ") {
                log.policyZone = ZoneKind(kernelName: text.dropping(13).trimmed.string)
            } else if text.starts(with: "Memory: "), let (available, rest) = text.dropping(8).leadingInteger,
                let total = rest.after("/")?.leadingInteger?.value
            {
                // The number before a name: `72580K reserved`.
                func figure(_ name: StaticString) -> Int? {
                    text.before(name)?.words.last.flatMap { $0.bytes.first == 0x28 ? $0.dropping(1) : $0 }?
                        .leadingInteger?.value
                }
                log.memory = Available(
                    available: available, total: total, reserved: figure("K reserved"), cma: figure("K cma-reserved"))
            } else if let rest = text.after("rought up "), text.contains(" CPU") {
                let cpus = rest.after(", ") ?? rest.after("nodes ") ?? rest
                log.cpuCount = cpus.leadingInteger?.value
            }
        }

        // MARK: Pieces

        private static func node(_ text: LogText) -> (node: NodeID, rest: LogText)? {
            guard let (value, rest) = text.leadingInteger, value >= 0, value < NodeID.limit else { return nil }
            return (NodeID(value), rest)
        }

        /// `[mem 0x0000000000001000-0x000000000009efff]`, or `0-a0000` as 2.6 printed it.
        private static func range(_ text: LogText) -> ClosedRange<UInt64>? {
            guard let inner = text.after("[mem ") else { return nil }
            guard let low = inner.leadingHexadecimal, let high = inner.after("-")?.leadingHexadecimal, low <= high
            else {
                return nil
            }
            return low...high
        }
    }
}
