extension ReportBuilder {
    mutating func readCounters(_ text: LogText) {
        for word in LogText.Words(text) {
            guard let colon = word.bytes.firstIndex(of: UInt8(ascii: ":")) else { continue }
            guard let value = LogText(word.bytes[(colon + 1)...]).integer else { continue }
            var name = LogText(word.bytes[..<colon]).string
            // Up to 2.6.30: `Active_anon:`, and before 2.6.28 `Active:` for both kinds.
            if name.hasPrefix("Active") { name = name.lowercased() }
            withMemory { memory in
                if memory.counters.count < 256 { memory.counters[name] = value }
            }
        }
    }

    /// In KiB: a larger amount is a damaged figure, not memory (256 TiB).
    private static let largestAmount = 1 << 38

    /// A zone's or node's figures, by unit.
    private struct Amounts {
        var kibibytes: [String: Int] = [:]
        var counts: [String: Int] = [:]
        var isAllUnreclaimable: Bool?

        /// Reads `name:12kB name: 0kB name:7 all_unreclaimable? no`.
        init(_ text: LogText) {
            var name: String?
            for word in LogText.Words(text) {
                if word.starts(with: "all_unreclaimable?") {
                    name = "all_unreclaimable?"
                    continue
                }
                if name == "all_unreclaimable?" {
                    isAllUnreclaimable = word.starts(with: "yes")
                    name = nil
                    continue
                }
                var value = word
                if let colon = word.bytes.firstIndex(of: UInt8(ascii: ":")) {
                    name = LogText(word.bytes[..<colon]).string
                    value = LogText(word.bytes[(colon + 1)...])
                }
                guard let key = name, let (number, unit) = value.leadingInteger else { continue }
                name = nil
                guard kibibytes.count + counts.count < 128 else { return }
                if unit.starts(with: "kB") || unit.starts(with: "KB") {
                    kibibytes[key] = number
                } else if unit.isEmpty {
                    counts[key] = number
                }
            }
        }
    }

    mutating func readNode(_ text: LogText) {
        guard let (node, rest) = text.dropping(5).trimmed.leadingInteger else { return }
        guard mayAppend("nodes", count: report.memory?.nodes.count ?? 0) else { return }
        let amounts = Amounts(rest)
        withMemory {
            $0.nodes.append(
                FailureReport.NodeUsage(
                    node: node, kibibytes: amounts.kibibytes, counts: amounts.counts,
                    isAllUnreclaimable: amounts.isAllUnreclaimable))
        }
    }

    /// The node and name at the beginning of a zone's line, and the rest after the name.
    static func zoneKey(_ text: LogText) -> (key: ZoneKey, rest: LogText)? {
        var node = 0
        var body = text
        if text.starts(with: "Node ") {
            guard let (number, rest) = text.dropping(5).trimmed.leadingInteger else { return nil }
            node = number
            body = rest.trimmed
        }
        let name = body.bytes.prefix { $0 != UInt8(ascii: ":") && !$0.isBlank }
        guard !name.isEmpty else { return nil }
        return (ZoneKey(node: node, name: LogText(name).string), body.dropping(name.count))
    }

    /// The position of a zone in the report; it is added if the log has not named it yet.
    mutating func zone(_ key: ZoneKey) -> Int? {
        if let index = zonesByName[key] { return index }
        let count = report.memory?.zones.count ?? 0
        guard mayAppend("zones", count: count) else { return nil }
        withMemory { $0.zones.append(FailureReport.ZoneUsage(node: key.node, name: key.name)) }
        zonesByName[key] = count
        return count
    }

    mutating func readZone(_ text: LogText) {
        guard let (key, rest) = Self.zoneKey(text), let index = zone(key) else { return }
        var amounts = Amounts(rest)
        for (name, value) in amounts.kibibytes where !(0...Self.largestAmount).contains(value) {
            amounts.kibibytes[name] = nil
            report.notes.append("Node \(key.node) \(key.name): \(name) of \(value) KiB is impossible and was ignored.")
        }
        let earlier = report.memory?.zones[index].kibibytes ?? [:]
        if !earlier.isEmpty, earlier["free"] != amounts.kibibytes["free"] || earlier["min"] != amounts.kibibytes["min"]
        {
            report.isMixed = true
        }
        withMemory { memory in
            memory.zones[index].kibibytes = amounts.kibibytes
            memory.zones[index].counts = amounts.counts
            memory.zones[index].isAllUnreclaimable = amounts.isAllUnreclaimable
        }
        lastZone = index
    }

    mutating func readLowmemReserve(_ text: LogText) {
        guard let index = lastZone else { return }
        let numbers = (text.after(":") ?? text).words.prefix(16).compactMap(\.integer)
        let isImpossible = numbers.contains { !(0...Self.largestAmount).contains($0) }
        withMemory { memory in
            guard memory.zones.indices.contains(index), !numbers.isEmpty, !isImpossible else { return }
            if memory.zones[index].lowmemReserve == nil { memory.zones[index].lowmemReserve = numbers }
        }
        guard isImpossible, let zone = report.memory?.zones[index] else { return }
        report.notes.append("Node \(zone.node) \(zone.name): lowmem_reserve is impossible and was ignored.")
    }

    mutating func readPerCPU(_ item: LogItem, _ text: LogText) {
        if item == .zonePerCPU {
            perCPUZone = Self.zoneKey(text)?.key
            return
        }
        guard let key = perCPUZone, let cpu = text.dropping(3).trimmed.leadingInteger?.value,
            let high = text.after("hi:")?.trimmed.leadingInteger?.value,
            let batch = text.after("btch:")?.trimmed.leadingInteger?.value,
            let used = text.after("usd:")?.trimmed.leadingInteger?.value
        else { return }
        guard mayAppend("per-CPU lists", count: perCPUCount) else { return }
        perCPUCount += 1
        perCPULists[key, default: []].append(
            FailureReport.PerCPULists(cpu: cpu, high: high, batch: batch, used: used))
    }

    /// Adds the per-CPU lists, which are printed before the zones' own lines.
    mutating func completeZones() {
        for (key, lists) in perCPULists {
            guard let index = zonesByName[key] else { continue }
            withMemory { $0.zones[index].perCPU = lists }
        }
    }

    mutating func readHugePages(_ text: LogText) {
        func value(_ name: StaticString) -> Int? { text.after(name)?.leadingInteger?.value }
        guard let total = value("hugepages_total="), let free = value("hugepages_free="),
            let size = value("hugepages_size=")
        else { return }
        guard mayAppend("pools of huge pages", count: report.memory?.hugePages.count ?? 0) else { return }
        let node = text.starts(with: "Node ") ? text.dropping(5).trimmed.leadingInteger?.value ?? 0 : 0
        let surplus = value("hugepages_surp=") ?? 0
        withMemory {
            $0.hugePages.append(
                FailureReport.HugePagePool(node: node, total: total, free: free, surplus: surplus, size: size))
        }
    }

    mutating func readTotal(_ item: LogItem, _ text: LogText) {
        let number = text.leadingInteger
        let afterEquals =
            text.after("=")?.trimmed.leadingInteger?.value ?? text.after(":")?.trimmed.leadingInteger?.value
        withMemory { memory in
            switch item {
            case .pageCache: memory.pageCachePages = number?.value
            case .swapCache: memory.swapCachePages = number?.value
            case .freeSwap: memory.freeSwap = afterEquals
            case .totalSwap: memory.totalSwap = afterEquals
            case .pageTotal:
                guard let (value, rest) = number, memory.pageTotals.count < 32 else { return }
                var what = rest.trimmed
                if what.starts(with: "pages ") { what = what.dropping(6) }
                // Up to 2.6.24 `2048 pages of RAM`.
                memory.pageTotals[(what.starts(with: "of ") ? what.dropping(3) : what).string] = value
            default: break
            }
        }
    }

    mutating func withMemory(_ change: (inout FailureReport.MemoryInfo) -> Void) {
        var memory = report.memory ?? FailureReport.MemoryInfo()
        report.memory = nil
        change(&memory)
        report.memory = memory
    }
}
