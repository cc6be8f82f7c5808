import GFP
import Topology

extension BootLogReader {
    /// What the firmware's tables say.
    mutating func readFirmware(_ text: LogText) -> Bool {
        if text.starts(with: "BIOS-e820: ") {
            let rest = text.dropping(11)
            guard let range = Self.range(rest) else { return true }
            let type = rest.after("] ") ?? rest.after("(")
            let name = type.map { $0.trimmed.string.filter { $0 != ")" } } ?? ""
            log.firmwareMap.append(BootLog.FirmwareRange(range: range, type: name))
            return true
        }
        // 2.6: `SRAT: Node 0 PXM 0 0-a0000`; later `ACPI: SRAT: Node 0 PXM 0 [mem ...]`.
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

    /// What the kernel says about its nodes.
    mutating func readNode(_ text: LogText) -> Bool {
        if let rest = text.after("nitmem setup node ") ?? text.after("ootmem setup node "),
            let (node, tail) = Self.node(rest)
        {
            if let range = Self.range(tail.dropping(tail.bytes.first == UInt8(ascii: " ") ? 1 : 0)) {
                // Kernels to 5.16 print a node without memory as one from 0 to 0.
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

    /// Which CPUs there are, and where.
    mutating func readCPUs(_ text: LogText) -> Bool {
        // `.... node  #1, CPUs:      #1 #2`, `Booting Node   1, Processors  #2 #3`.
        let place = text.after("node  #") ?? text.after("ooting Node ")
        if let place, let (node, tail) = Self.node(place.trimmed),
            tail.contains("CPUs:") || tail.contains("rocessors")
        {
            // After the node all numbers are CPUs, each after `#`.
            log.cpus[node, default: []] += Self.numberedCPUs(tail)
            part = .cpus(node)
            return true
        }
        // powerpc: `Node 0 CPUs: 0-15 20`, after `numa: ` from 4.13 on (`dump_numa_cpu_topology`, arch/powerpc/mm/numa.c).
        let names = text.after("numa: ") ?? text
        if names.starts(with: "Node "), let (node, tail) = Self.node(names.dropping(5)), tail.starts(with: " CPUs:") {
            log.cpus[node, default: []] += Self.listedCPUs(tail.dropping(6))
            return true
        }
        if readStartedCPU(text) { return true }
        // `pcpu-alloc: [0] 000 001 [1] 002 003`: from 2.6.30 on.
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

    /// `CPU1: Booted secondary processor 0x0000000001 [0x410fd034]`, `CPU1: thread -1, cpu 1, socket 0, mpidr 80000001`,
    /// `Booting processor 1/1 APIC 0x1`.
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

    /// `0-15 20 24-31`.
    private static func listedCPUs(_ text: LogText) -> [CPUID] {
        text.words.flatMap { word -> [CPUID] in
            guard let (first, rest) = word.leadingInteger, first >= 0, first < 1 << 16 else { return [] }
            let last = rest.starts(with: "-") ? rest.dropping(1).integer ?? first : first
            return last >= first && last < 1 << 16 ? (first...last).map { CPUID($0) } : []
        }
    }

    mutating func readSummary(_ text: LogText) {
        if text.starts(with: "Built "), let count = text.dropping(6).leadingInteger?.value, text.contains(" zonelists")
        {
            log.zonelistCount = count
            if let order = text.before(" order")?.words.last, text.contains(" zonelists in ") {
                log.zonelistOrder = order.string
            }
            log.totalPages = text.after("Total pages: ")?.leadingInteger?.value
            if log.totalPagesAtBoot == nil { log.totalPagesAtBoot = log.totalPages }
        } else if text.starts(with: "Policy zone: ") {
            log.policyZone = ZoneKind(kernelName: text.dropping(13).trimmed.string)
        } else if text.starts(with: "Memory: "), let (available, rest) = text.dropping(8).leadingInteger,
            let total = rest.after("/")?.leadingInteger?.value
        {
            readMemory(text, available: available, total: total)
        } else if text.starts(with: "HugeTLB"), let size = text.after("registered ")?.before(" page size"),
            let pages = text.after("pre-allocated ")?.leadingInteger?.value, pages > 0
        {
            log.hugePools.append(BootLog.HugePool(size: size.string, pages: pages, line: line))
        } else if let rest = text.after("cma: Reserved ") ?? text.after("CMA: reserved "),
            let (amount, tail) = rest.leadingInteger, amount > 0, amount < 1 << 30, tail.starts(with: " MiB")
        {
            log.contiguousBytes += UInt64(amount) << 20
        } else if text.contains("created CMA memory pool"), let (amount, tail) = text.after("size ")?.leadingInteger,
            amount > 0, amount < 1 << 30, tail.starts(with: " MiB")
        {
            log.contiguousBytes += UInt64(amount) << 20
        } else if text.starts(with: "SLUB: ") || text.starts(with: "SLAB: ") {
            log.possibleCPUs = text.after(" CPUs=")?.leadingInteger?.value ?? log.possibleCPUs
        } else {
            readCPUCount(text)
        }
    }

    private mutating func readMemory(_ text: LogText, available: Int, total: Int) {
        // The number before a name: `72580K reserved`, `51492k reserved` up to 3.9.
        func figure(_ name: StaticString, _ old: StaticString) -> Int? {
            (text.before(name) ?? text.before(old))?.words.last.flatMap {
                $0.bytes.first == 0x28 ? $0.dropping(1) : $0
            }?.leadingInteger?.value
        }
        // 32-bit ARM up to 3.9 prints all but what is reserved, twice (`mem_init`, arch/arm/mm/init.c).
        if text.contains("k available, "), let kept = figure("K reserved", "k reserved") {
            let whole = total.addingReportingOverflow(max(0, kept))
            guard !whole.overflow else { return }
            log.memory = BootLog.Available(available: available, total: whole.partialValue, reserved: kept)
            return
        }
        log.memory = BootLog.Available(
            available: available, total: total, reserved: figure("K reserved", "k reserved"),
            absent: figure("K absent", "k absent"), cma: figure("K cma-reserved", "k cma-reserved"))
    }

    /// `smp: Brought up 8 nodes, 128 CPUs`, `x86: Booted up 1 node, 4 CPUs`, `Brought up 4 CPUs`,
    /// `Total of 4 processors activated`.
    private mutating func readCPUCount(_ text: LogText) {
        if let rest = text.after("rought up ") ?? text.after("ooted up "), text.contains(" CPU") {
            let cpus = rest.after(", ") ?? rest.after("nodes ") ?? rest
            log.cpuCount = cpus.leadingInteger?.value
            part = .none
        } else if let rest = text.after("Total of "), rest.contains("processors activated"),
            let count = rest.leadingInteger?.value
        {
            log.cpuCount = count
            part = .none
        } else if let rest = text.after("Allowing "), let (count, tail) = rest.leadingInteger, count > 0 {
            // `Allowing 16 CPUs, 8 hotplug CPUs` up to 6.8, `Allowing 8 present CPUs plus 8 hotplug CPUs`.
            let isWhole = tail.starts(with: " CPUs")
            let later = (tail.after(", ") ?? tail.after("plus "))?.leadingInteger?.value ?? 0
            guard later >= 0, isWhole ? later < count : tail.starts(with: " present CPUs") else { return }
            log.presentCPUs = isWhole ? count - later : count
        } else if let count = text.after("nr_cpu_ids:")?.leadingInteger?.value, count > 0 {
            log.possibleCPUs = count
        }
    }
}
