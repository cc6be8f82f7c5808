import Topology

extension ZoneInfoText {
    public var text: String {
        var text = ""
        for zone in zones { form.write(zone, to: &text) }
        return text
    }
}

extension ZoneInfoText.Form {
    /// Writes a zone (`zoneinfo_show_print`, mm/vmstat.c, 6.1 and 6.12; older forms by the texts of such kernels).
    fileprivate func write(_ zone: ZoneInfoText.Zone, to text: inout String) {
        text += "Node \(zone.node), zone \(KernelFormat.right(zone.name, 8))\n"
        if !zone.nodeCounters.isEmpty {
            text += "  per-node stats\n"
            write(zone.nodeCounters, indent: 6, to: &text)
        }
        text += "  pages free     \(zone.free)\n"
        for amount in amounts {
            guard let value = zone[amount] else { continue }
            let indent = amount == .nodeScanned ? 3 : 8
            text += String(repeating: " ", count: indent)
            text += KernelFormat.left(amount.rawValue, 8) + (amount == .nodeScanned ? "  " : " ") + "\(value)\n"
        }
        if !protectionComesFirst { write(zone.counters, indent: counterIndent, to: &text) }
        if !zone.protection.isEmpty {
            text += "        protection: (" + zone.protection.map(String.init).joined(separator: ", ") + ")\n"
        }
        if protectionComesFirst { write(zone.counters, indent: counterIndent, to: &text) }
        // An empty zone has the short form, with neither start nor lists.
        guard let start = zone.startPageFrame else { return }
        text += "  pagesets\n"
        for pageset in zone.pagesets { write(pageset, to: &text) }
        for trailer in trailers {
            let value: String? =
                switch trailer {
                case .allUnreclaimable, .nodeUnreclaimable: zone.isUnreclaimable.map { $0 ? "1" : "0" }
                case .previousPriority: zone.previousPriority.map(String.init)
                case .startPageFrame: String(start)
                case .inactiveRatio, .nodeInactiveRatio: zone.inactiveRatio.map(String.init)
                }
            guard let value else { continue }
            text += KernelFormat.left("  \(trailer.rawValue):", trailerColumn) + value + "\n"
        }
    }

    private func write(_ counters: [NamedCounter], indent: Int, to text: inout String) {
        let margin = String(repeating: " ", count: indent)
        for counter in counters { text += margin + KernelFormat.left(counter.name, 12) + " \(counter.value)\n" }
    }

    private func write(_ pageset: PerCPUFigures, to text: inout String) {
        let margin = String(repeating: " ", count: 14)
        text += "    cpu: \(pageset.cpu)\n"
        if alignsPagesets {
            text += margin + "count:    \(pageset.count)\n"
            text += margin + "high:     \(pageset.high)\n"
            text += margin + "batch:    \(pageset.batch)\n"
        } else {
            text += margin + "count: \(pageset.count)\n"
            text += margin + "high:  \(pageset.high)\n"
            text += margin + "batch: \(pageset.batch)\n"
        }
        if let value = pageset.highMin { text += margin + "high_min: \(value)\n" }
        if let value = pageset.highMax { text += margin + "high_max: \(value)\n" }
        if let value = pageset.statThreshold { text += "  vm stats threshold: \(value)\n" }
    }
}

extension ZoneInfoText.Zone {
    /// The value of a line of the zone's head, in pages.
    public subscript(amount: ZoneInfoText.Amount) -> Int? {
        get {
            switch amount {
            case .boost: boost
            case .min: min
            case .low: low
            case .high: high
            case .promo: promo
            case .scanned, .nodeScanned: scanned
            case .spanned: spanned
            case .present: present
            case .managed: managed
            case .cma: cma
            }
        }
        set {
            switch amount {
            case .boost: boost = newValue
            case .min: min = newValue ?? 0
            case .low: low = newValue ?? 0
            case .high: high = newValue ?? 0
            case .promo: promo = newValue
            case .scanned, .nodeScanned: scanned = newValue
            case .spanned: spanned = newValue ?? 0
            case .present: present = newValue ?? 0
            case .managed: managed = newValue
            case .cma: cma = newValue
            }
        }
    }
}
