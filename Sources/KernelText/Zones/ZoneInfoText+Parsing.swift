import GFP
import Topology

extension ZoneInfoText {
    public init(parsing bytes: [UInt8], name: String) throws(KernelTextError) {
        var parser = ZoneInfoParser()
        var notes: [String] = []
        let lines = KernelTextLines(bytes, file: name)
        try lines.read(notes: &notes) { line, notes throws(KernelTextError) in try parser.read(line, notes: &notes) }
        try parser.endZone(isLast: true, notes: &notes)
        guard !parser.zones.isEmpty else {
            throw KernelTextError(file: name, problem: "no zone in it; expected lines such as 'Node 0, zone   Normal'")
        }
        self.init(zones: parser.zones, form: parser.form, notes: notes)
    }
}

/// Reads zoneinfo line by line; a zone is added when the next one begins.
private struct ZoneInfoParser {
    private(set) var zones: [ZoneInfoText.Zone] = []
    private var zone: ZoneInfoText.Zone?
    private var header: KernelTextLines.Line?
    private var section = Section.amounts
    private var seen: Set<ZoneInfoText.Amount> = []
    private var hasFree = false
    private var shape = Self.emptyForm
    private var populatedShape: ZoneInfoText.Form?
    private var firstShape: ZoneInfoText.Form?
    private var nodeCounterNames: [String] = []
    private var listsEmptyZones = false
    private var firstLine: [Key: Int] = [:]

    private struct Key: Hashable {
        var node: NodeID
        var name: String
    }

    private enum Section { case nodeCounters, amounts, counters, pagesets }

    private static let emptyForm = ZoneInfoText.Form(
        amounts: [], protectionComesFirst: false, trailers: [], trailerColumn: 23, listsEmptyZones: false)

    var form: ZoneInfoText.Form {
        var form = populatedShape ?? firstShape ?? Self.emptyForm
        form.nodeCounterNames = nodeCounterNames
        form.listsEmptyZones = listsEmptyZones
        return form
    }

    mutating func read(_ line: KernelTextLines.Line, notes: inout [String]) throws(KernelTextError) {
        let fields = line.fields
        guard let first = fields.first else { return }
        if let (node, name, _) = try line.zoneHeader() {
            try endZone(isLast: false, notes: &notes)
            begin(node: node, name: name, header: line)
            return
        }
        guard zone != nil else {
            notes.append(line.note("not a line of zoneinfo, ignored: '\(line.content.prefix(40))'"))
            return
        }
        switch first {
        case "per-node" where fields.count == 2: section = .nodeCounters
        case "pages" where fields.count == 3 && fields[1] == "free":
            zone?.free = try line.amount(fields[2], of: "free")
            hasFree = true
            section = .amounts
        case "protection:": try readProtection(line)
        case "pagesets": section = .pagesets
        case "cpu:", "count:", "high:", "batch:", "high_min:", "high_max:", "vm": try readPageset(line, fields)
        default:
            if first.last == ":", let trailer = ZoneInfoText.Trailer(rawValue: String(first.dropLast())) {
                try readTrailer(trailer, line, fields)
            } else if fields.count == 2 && isName(first) {
                try readAmountOrCounter(line, fields)
            } else {
                notes.append(line.note("not a line of zoneinfo, ignored: '\(line.content.prefix(40))'"))
            }
        }
    }

    private mutating func begin(node: NodeID, name: String, header line: KernelTextLines.Line) {
        zone = ZoneInfoText.Zone(node: node, name: name)
        header = line
        section = .amounts
        seen = []
        hasFree = false
        shape = Self.emptyForm
    }

    /// Adds the zone read so far. The last zone of a text may be cut off, and is then omitted.
    mutating func endZone(isLast: Bool, notes: inout [String]) throws(KernelTextError) {
        guard var zone, let header else { return }
        defer { self.zone = nil }
        // A selection of lines may lack all marks, but never one of them. A zone that is cut off lacks its sizes as
        // well.
        let marks: Set<ZoneInfoText.Amount> = [.min, .low, .high]
        let hasMarks = !seen.isDisjoint(with: marks) || !seen.isSuperset(of: [.spanned, .present])
        let needed: [ZoneInfoText.Amount] = (hasMarks ? [.min, .low, .high] : []) + [.spanned, .present]
        if !hasFree || !seen.isSuperset(of: needed) {
            guard isLast && !zones.isEmpty else {
                let missing = (hasFree ? [] : ["pages free"]) + needed.filter { !seen.contains($0) }.map(\.rawValue)
                throw header.error("zone \(zone.name) of node \(zone.node) has no \(missing.joined(separator: ", "))")
            }
            notes.append(header.note("zone \(zone.name) of node \(zone.node) is cut off and ignored"))
            return
        }
        zone.hasMarks = hasMarks
        let key = Key(node: zone.node, name: zone.name)
        if let line = firstLine.updateValue(header.number, forKey: key) {
            throw header.error("zone \(zone.name) of node \(zone.node) was already on line \(line)")
        }
        if zone.present > 0 && zone.startPageFrame == nil {
            notes.append(header.note("zone \(zone.name) of node \(zone.node) has no start_pfn"))
        }
        if zone.present == 0 { listsEmptyZones = true }
        if nodeCounterNames.isEmpty { nodeCounterNames = zone.nodeCounters.map(\.name) }
        if firstShape == nil { firstShape = shape }
        if populatedShape == nil, zone.startPageFrame != nil {
            shape.counterNames = zone.counters.map(\.name)
            shape.hasPagesetLimits = zone.pagesets.contains { $0.highMin != nil }
            populatedShape = shape
        }
        zones.append(zone)
    }
}

extension ZoneInfoParser {
    private func isName(_ field: Substring) -> Bool {
        field.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_") }
    }

    private mutating func readProtection(_ line: KernelTextLines.Line) throws(KernelTextError) {
        guard let open = line.content.firstIndex(of: "("), let close = line.content.lastIndex(of: ")"), open < close
        else { throw line.error("protection is not a list in brackets, such as (0, 2877, 7826)") }
        var protection: [Int] = []
        for field in line.content[line.content.index(after: open)..<close].split(separator: ",") {
            protection.append(try line.integer(field.drop { $0 == " " }, of: "protection"))
        }
        guard protection.count <= 16 else { throw line.error("protection has \(protection.count) zones") }
        zone?.protection = protection
        shape.protectionComesFirst = zone?.counters.isEmpty == true
        section = .counters
    }

    private mutating func readAmountOrCounter(
        _ line: KernelTextLines.Line, _ fields: [Substring]
    ) throws(KernelTextError) {
        let name = String(fields[0])
        if section == .amounts, let amount = ZoneInfoText.Amount(rawValue: name), !seen.contains(amount) {
            zone?[amount] = try line.amount(fields[1], of: name)
            seen.insert(amount)
            shape.amounts.append(amount)
            return
        }
        let counter = NamedCounter(name: name, value: try line.counter(fields[1], of: name))
        switch section {
        case .nodeCounters: zone?.nodeCounters.append(counter)
        case .amounts, .counters:
            if zone?.counters.isEmpty == true {
                shape.counterIndent = line.content.utf8.prefix { $0 == UInt8(ascii: " ") }.count
            }
            section = .counters
            zone?.counters.append(counter)
        case .pagesets: throw line.error("the counter \(name) is among the per-CPU lists")
        }
    }

    private mutating func readPageset(
        _ line: KernelTextLines.Line, _ fields: [Substring]
    ) throws(KernelTextError) {
        guard section == .pagesets else { throw line.error("'\(fields[0])' is before 'pagesets'") }
        if fields[0] == "cpu:" {
            let cpu = try line.amount(fields.dropFirst().first, of: "cpu")
            guard cpu < CPUID.limit else { throw line.error("CPU \(cpu) is beyond \(CPUID.limit - 1)") }
            zone?.pagesets.append(PerCPUFigures(cpu: CPUID(cpu)))
            return
        }
        guard let last = zone?.pagesets.indices.last else { throw line.error("'\(fields[0])' is before a 'cpu:'") }
        if fields[0] == "vm" {
            guard fields.count == 4, fields[1] == "stats", fields[2] == "threshold:" else {
                throw line.error("expected 'vm stats threshold: N'")
            }
            zone?.pagesets[last].statThreshold = try line.integer(fields[3], of: "vm stats threshold")
            return
        }
        let value = try line.integer(fields.dropFirst().first, of: fields[0].dropLast())
        switch fields[0] {
        case "count:":
            zone?.pagesets[last].count = value
            if line.content.contains("count:  ") { shape.alignsPagesets = true }
        case "high:": zone?.pagesets[last].high = value
        case "batch:": zone?.pagesets[last].batch = value
        case "high_min:": zone?.pagesets[last].highMin = value
        default: zone?.pagesets[last].highMax = value
        }
    }

    private mutating func readTrailer(
        _ trailer: ZoneInfoText.Trailer, _ line: KernelTextLines.Line, _ fields: [Substring]
    ) throws(KernelTextError) {
        let value = fields.dropFirst().first
        switch trailer {
        case .allUnreclaimable, .nodeUnreclaimable:
            zone?.isUnreclaimable = try line.amount(value, of: trailer.rawValue) != 0
        case .previousPriority: zone?.previousPriority = try line.integer(value, of: trailer.rawValue)
        case .startPageFrame: zone?.startPageFrame = UInt64(try line.amount(value, of: trailer.rawValue))
        case .inactiveRatio, .nodeInactiveRatio: zone?.inactiveRatio = try line.amount(value, of: trailer.rawValue)
        }
        guard !shape.trailers.contains(trailer) else { return }
        shape.trailers.append(trailer)
        if trailer == .startPageFrame, let value {
            shape.trailerColumn = line.content.utf8.distance(
                from: line.content.startIndex, to: value.startIndex)
        }
    }
}
