import GFP
import Topology

extension BootLogReader {
    /// Reads lines about the firmware's tables.
    mutating func readFirmware(_ text: LogText) -> Bool {
        if text.starts(with: "BIOS-e820: ") {
            let rest = text.dropping(11)
            guard let range = Self.range(rest) else { return true }
            let type = rest.after("] ") ?? rest.after("(")
            let name = type.map { $0.trimmed.string.filter { $0 != ")" } } ?? ""
            log.firmwareMap.append(BootLog.FirmwareRange(range: range, type: name))
            return true
        }
        // Up to 2.6 `SRAT: Node 0 PXM 0 0-a0000`, later `ACPI: SRAT: Node 0 PXM 0 [mem ...]`.
        if let rest = text.after("SRAT: Node "), let (node, tail) = Self.node(rest),
            let (domain, place) = tail.after("PXM ")?.leadingInteger
        {
            guard let range = Self.range(place) else {
                log.notes.append(
                    SourceNote(
                        .notUnderstood, line: line, "The SRAT line of node \(node) has no range that could be read."))
                return true
            }
            log.affinities.append(
                BootLog.Affinity(
                    node: node, proximityDomain: domain, range: range, isHotPluggable: tail.contains("hotplug")))
            return true
        }
        if let rest = text.after("SRAT: PXM "), let (domain, tail) = rest.leadingInteger {
            let place =
                tail.after("APIC ") ?? tail.after("MPIDR ") ?? tail.after("APIC_ID ")
                ?? tail.after("HARTID ") ?? tail.after("CPU ")
            guard let apic = place?.leadingHexadecimal, let number = Int(exactly: apic),
                let (node, _) = tail.after("Node ").flatMap(Self.node)
            else { return true }
            log.processors.append(BootLog.Processor(proximityDomain: domain, apic: number, node: node))
            return true
        }
        if text.starts(with: "No NUMA configuration found") || text.contains("Faking a node at ") {
            log.isFakeNode = true
            return true
        }
        return false
    }

    /// Reads lines about the kernel's nodes.
    mutating func readNode(_ text: LogText) -> Bool {
        if let rest = text.after("nitmem setup node ") ?? text.after("ootmem setup node "),
            let (node, tail) = Self.node(rest)
        {
            if let range = Self.range(tail.dropping(tail.bytes.first == UInt8(ascii: " ") ? 1 : 0)) {
                // Kernels up to 5.16 print a node without memory as one from 0 to 0.
                if range.upperBound > range.lowerBound {
                    log.nodeSpans[node] = range
                } else {
                    log.memorylessNodes.insert(node)
                }
            } else if tail.contains("memoryless") {
                log.memorylessNodes.insert(node)
            }
            return true
        }
        // Lines of "Early memory node ranges" whose title is missing or elsewhere.
        if text.starts(with: "node "), let (node, tail) = Self.node(text.dropping(5).trimmed),
            tail.starts(with: ": [mem "), let range = Self.range(tail)
        {
            log.nodeRanges.append(BootLog.NodeRange(node: node, range: range))
            part = .nodes
            return true
        }
        if text.starts(with: "On node "), let (node, tail) = Self.node(text.dropping(8)) {
            if let pages = tail.after("totalpages: ")?.leadingInteger?.value {
                log.pagesOfNode[node] = max(0, pages)
                log.zonePages.removeAll { $0.node == node }
                part = .zonesOfNode(node)
                return true
            }
            guard let zone = tail.after("zone ")?.prefix(until: UInt8(ascii: ":")),
                let pages = tail.after(": ")?.leadingInteger?.value
            else { return false }
            log.unavailable.append(BootLog.Unavailable(node: node, zone: zone.string, pages: pages))
            return true
        }
        if let rest = text.after("Fallback order for Node "), let (node, tail) = Self.node(rest) {
            var order: [NodeID] = []
            for word in tail.dropping(1).words {
                guard let (next, end) = Self.node(word), end.isEmpty else { break }
                if !order.contains(next) { order.append(next) }
            }
            log.fallbackOrder[node] = order
            return true
        }
        return false
    }

    /// Reads lines about CPUs and their nodes.
    mutating func readCPUs(_ text: LogText) -> Bool {
        // `.... node  #1, CPUs:      #1 #2`, `Booting Node   1, Processors  #2 #3`.
        let place = text.after("node  #") ?? text.after("ooting Node ")
        if let place, let (node, tail) = Self.node(place.trimmed),
            tail.contains("CPUs:") || tail.contains("rocessors")
        {
            // All numbers after the node are CPUs, each after `#`.
            log.cpus[node, default: []] += Self.numberedCPUs(tail)
            part = .cpus(node)
            return true
        }
        // powerpc: `Node 0 CPUs: 0-15 20`, from 4.13 on after `numa: ` (`dump_numa_cpu_topology`,
        // arch/powerpc/mm/numa.c).
        let names = text.after("numa: ") ?? text
        if names.starts(with: "Node "), let (node, tail) = Self.node(names.dropping(5)), tail.starts(with: " CPUs:") {
            log.cpus[node, default: []] += Self.listedCPUs(tail.dropping(6))
            return true
        }
        if readStartedCPU(text) { return true }
        // `pcpu-alloc: [0] 000 001 [1] 002 003`, from 2.6.30 on.
        if let rest = text.after("pcpu-alloc: "), rest.starts(with: "[") {
            var group: Int?
            for word in rest.words {
                if word.starts(with: "[") {
                    group = word.dropping(1).leadingInteger?.value
                } else if let group, group < NodeID.limit, let cpu = word.integer.flatMap({ UInt32(exactly: $0) }) {
                    log.cpuGroups[group, default: []].append(CPUID(rawValue: cpu))
                }
            }
            return true
        }
        return false
    }

    /// Reads `CPU1: Booted secondary processor 0x0000000001 [0x410fd034]`, `CPU1: thread -1, cpu 1, socket 0, mpidr
    /// 80000001`, or `Booting processor 1/1 APIC 0x1`.
    private mutating func readStartedCPU(_ text: LogText) -> Bool {
        var number: Int?
        if text.starts(with: "CPU"), let (cpu, tail) = text.dropping(3).leadingInteger,
            tail.starts(with: ": Booted secondary") || tail.starts(with: ": thread ")
        {
            number = cpu
        } else if text.starts(with: "Booting processor ") {
            number = text.dropping(18).leadingInteger?.value
        }
        guard let cpu = number.flatMap({ UInt32(exactly: $0) }), log.startedCPUs.count < 1 << 16 else { return false }
        log.startedCPUs.insert(CPUID(rawValue: cpu))
        return true
    }

    /// Reads `0-15 20 24-31`.
    private static func listedCPUs(_ text: LogText) -> [CPUID] {
        text.words.flatMap { word -> [CPUID] in
            guard let (first, rest) = word.leadingInteger, first >= 0, first < 1 << 16 else { return [] }
            let last = rest.starts(with: "-") ? rest.dropping(1).integer ?? first : first
            return last >= first && last < 1 << 16 ? (first...last).map { CPUID($0) } : []
        }
    }
}
