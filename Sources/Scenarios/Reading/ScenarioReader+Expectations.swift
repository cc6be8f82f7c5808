import BuddyEngine
import GFP
import PageAllocator
import SourceText
import Topology

extension ScenarioReader {
    static let expectationKeys = [
        "of", "served", "refused", "pages", "zone", "node", "zones", "kswapd", "kcompactd", "fallbacks", "reclaims",
        "free", "watermarks", "lowmemReserve", "numa", "vmstat",
    ]

    mutating func expectation(_ value: JSONValue) -> Expectation? {
        guard let object = shapes.object(value, keys: Self.expectationKeys, what: "an expectation") else { return nil }
        var expectation = Expectation(checks: [])
        for member in object.members {
            let subjects: [(Expectation.Subject, JSONValue)]
            switch member.key {
            case "of":
                expectation.group = knownGroup(member.value)
                continue
            case "free":
                subjects = byZone(member.value) { reader, zone, value in
                    guard let bounds = reader.bounds(value) else { return [] }
                    reader.reportUnreachable(bounds, "free pages", most: reader.pages(of: zone), value)
                    return [(.free(zone, bounds), value)]
                }
            case "lowmemReserve": subjects = byZone(member.value) { $0.reserves($1, $2) }
            case "watermarks": subjects = byZone(member.value) { $0.watermarks($1, $2) }
            case "vmstat": subjects = machineCounters(member.value)
            case "numa": subjects = byZone(member.value) { $0.counters($1, $2) }
            default: subjects = subject(member.key, member.value).map { [($0, member.value)] } ?? []
            }
            for (subject, value) in subjects {
                let offset = value.offset ?? 0
                expectation.checks.append(
                    Expectation.Check(
                        subject, path: document.path(ofOffset: offset), location: document.location(ofOffset: offset)))
            }
        }
        if expectation.checks.isEmpty, object.members.allSatisfy({ $0.key == "of" }) {
            shapes.report(
                value,
                "nothing is expected here: give one of \(Self.expectationKeys.dropFirst().joined(separator: ", "))")
        }
        return expectation
    }

    private mutating func subject(_ key: String, _ value: JSONValue) -> Expectation.Subject? {
        switch key {
        case "served": bounds(value).map { .served($0) }
        case "refused": bounds(value).map { .refused($0) }
        case "pages": bounds(value).map { .pages($0) }
        case "fallbacks": bounds(value).map { .fallbacks($0) }
        case "reclaims": bounds(value).map { .reclaims($0) }
        case "zone": kind(value).map { .zone($0) }
        case "node": node(value).map { .node($0) }
        case "kswapd": .kswapd(nodes(value))
        case "kcompactd": .kcompactd(nodes(value))
        case "zones": zones(value).map { .zones($0) }
        default: nil
        }
    }

    private mutating func zones(_ value: JSONValue) -> [ZoneReference]? {
        guard let elements = value.array else {
            shapes.report(value, "zones are a list, as in [\"1/Normal\", \"0/Normal\"], not \(value.kindName)")
            return nil
        }
        return elements.compactMap { element in
            guard let text = shapes.string(element) else { return nil }
            return zone(text, element)
        }
    }

    /// Reads a number, or `{ atLeast, atMost }`.
    private mutating func bounds(_ value: JSONValue) -> Expectation.Bounds? {
        guard value.object != nil else { return number(value, 0...Int.max).map { Expectation.Bounds($0) } }
        guard let object = shapes.object(value, keys: ["atLeast", "atMost"], what: "a limit") else { return nil }
        let bounds = Expectation.Bounds(
            atLeast: object["atLeast"].flatMap { number($0, 0...Int.max) },
            atMost: object["atMost"].flatMap { number($0, 0...Int.max) })
        if object.isEmpty { shapes.report(value, "give a number, or \"atLeast\" or \"atMost\"") }
        if let low = bounds.atLeast, let high = bounds.atMost, low > high {
            shapes.report(value, "no number is at least \(low) and at most \(high)")
        }
        return bounds
    }

    private mutating func byZone(
        _ value: JSONValue,
        _ read: (inout Self, ZoneReference, JSONValue) -> [(Expectation.Subject, JSONValue)]
    ) -> [(Expectation.Subject, JSONValue)] {
        guard let object = value.object else {
            shapes.report(value, "this is given by zone, as in { \"0/Normal\": ... }, not \(value.kindName)")
            return []
        }
        return object.members.flatMap { member in
            zone(member.key, member.value).map { read(&self, $0, member.value) } ?? []
        }
    }

    private mutating func watermarks(
        _ zone: ZoneReference, _ value: JSONValue
    ) -> [(Expectation.Subject, JSONValue)] {
        let names = WatermarkLevel.allCases.map { "\($0)" }
        guard let object = shapes.object(value, keys: names, what: "watermarks") else { return [] }
        var marks: [(level: WatermarkLevel, bounds: Expectation.Bounds)] = []
        var subjects: [(Expectation.Subject, JSONValue)] = []
        for member in object.members {
            guard let level = WatermarkLevel.allCases.first(where: { "\($0)" == member.key }),
                let bounds = bounds(member.value)
            else { continue }
            reportUnreachable(bounds, "pages as a watermark", most: topology.map(Self.pages), member.value)
            marks.append((level, bounds))
            subjects.append((.watermark(zone, level, bounds), member.value))
        }
        // Min, low, high and promo are in ascending order (`__setup_per_zone_wmarks`).
        marks.sort { $0.level.rawValue < $1.level.rawValue }
        for (lower, higher) in zip(marks, marks.dropFirst()) {
            guard let least = lower.bounds.atLeast, let most = higher.bounds.atMost, least > most else { continue }
            shapes.report(
                value,
                "\(lower.level) is never above \(higher.level), so it cannot be \(least) with \(most) as \(higher.level)"
            )
        }
        return subjects
    }

    private mutating func reserves(
        _ zone: ZoneReference, _ value: JSONValue
    ) -> [(Expectation.Subject, JSONValue)] {
        let kinds = topology?.architecture.zoneKinds ?? ZoneKind.allCases
        guard let object = shapes.object(value, keys: kinds.map(\.kernelName), what: "reserves") else { return [] }
        return object.members.compactMap { member in
            guard let kind = ZoneKind(kernelName: member.key), let bounds = bounds(member.value) else { return nil }
            return (.lowmemReserve(zone, against: kind, bounds), member.value)
        }
    }

    /// Reports an expectation that no machine of this size can meet, and that therefore says nothing about the
    /// allocator.
    private mutating func reportUnreachable(
        _ bounds: Expectation.Bounds, _ what: String, most: Int?, _ value: JSONValue
    ) {
        guard let least = bounds.atLeast, let most, least > most else { return }
        shapes.report(value, "there are never \(least) \(what): there are \(most) pages in all")
    }

    /// Nil if the machine or its zones are unknown.
    private func pages(of zone: ZoneReference) -> Int? {
        topology?.zoneSpans().first { $0.reference == zone }?.present
    }

    private static func pages(_ topology: Topology) -> Int {
        let pages = topology.zoneSpans().reduce(0) { $0 + $1.present }
        return pages > 0 ? pages : .max
    }

    private mutating func machineCounters(_ value: JSONValue) -> [(Expectation.Subject, JSONValue)] {
        let kinds = topology?.architecture.zoneKinds ?? []
        let names = PressureCounters().named(zoneKinds: kinds).map(\.name)
        guard let object = shapes.object(value, keys: names, what: "counters of /proc/vmstat") else { return [] }
        return object.members.compactMap { member in
            guard names.contains(member.key), let bounds = bounds(member.value) else { return nil }
            return (.vmstat(member.key, bounds), member.value)
        }
    }

    private mutating func counters(_ zone: ZoneReference, _ value: JSONValue) -> [(Expectation.Subject, JSONValue)] {
        let names = NUMACounters.names.map(\.name)
        guard let object = shapes.object(value, keys: names, what: "NUMA counters") else { return [] }
        return object.members.compactMap { member in
            guard names.contains(member.key), let bounds = bounds(member.value) else { return nil }
            return (.numa(zone, member.key, bounds), member.value)
        }
    }
}

extension NUMACounters {
    static var names: [(name: String, path: KeyPath<NUMACounters, Int>)] {
        [
            ("hit", \.hit), ("miss", \.miss), ("foreign", \.foreign), ("interleave", \.interleave), ("local", \.local),
            ("other", \.other),
        ]
    }
}
