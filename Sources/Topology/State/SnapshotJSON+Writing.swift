import BuddyEngine
import GFP
import SourceText

extension Snapshot {
    /// The JSON form, which ``init(json:)-(JSONDocument)`` reads back as the same value. Amounts are in pages; a run of
    /// adjacent blocks is `[first, count]`, a single one its page frame number.
    public var json: JSONValue {
        var object: JSONObject = [
            "format": JSONValue(SnapshotJSON.format), "topology": topology.json,
            "zones": JSONValue(zones.map(\.json)),
        ]
        if !zonelists.isEmpty {
            let lists = zonelists.sorted { $0.key < $1.key }.map { node, zones in
                (node.description, JSONValue(zones.map { JSONValue([JSONValue($0.node.rawValue), $0.kind.json]) }))
            }
            object["zonelists"] = JSONValue(JSONObject(lists))
        }
        if !kswapd.isEmpty {
            object["kswapd"] = JSONValue(
                JSONObject(kswapd.sorted { $0.key < $1.key }.map { ($0.description, $1.json) }))
        }
        if let isMobilityGroupingDisabled {
            object["mobilityGroupingDisabled"] = JSONValue(isMobilityGroupingDisabled)
        }
        if !notes.isEmpty { object["notes"] = JSONValue(notes.map { JSONValue($0) }) }
        return JSONValue(object)
    }
}

extension KswapdSnapshot {
    fileprivate var json: JSONValue {
        [
            "order": JSONValue(order.rawValue), "highestZoneIndex": JSONValue(highestZoneIndex),
            "failures": JSONValue(failures), "isAsleep": JSONValue(isAsleep),
        ]
    }
}

extension ZoneSnapshot {
    fileprivate var json: JSONValue {
        var object: JSONObject = [
            "node": JSONValue(span.node.rawValue), "zone": span.kind.json, "start": JSONValue(span.start.rawValue),
            "spanned": JSONValue(span.spanned), "present": JSONValue(span.present), "managed": JSONValue(span.managed),
        ]
        if span.cma != 0 { object["cma"] = JSONValue(span.cma) }
        if !span.managedRanges.isEmpty { object["managedRanges"] = .ranges(span.managedRanges) }
        if !span.cmaRanges.isEmpty { object["cmaRanges"] = .ranges(span.cmaRanges) }
        if let watermarks {
            var marks = JSONObject(SnapshotJSON.marks, of: watermarks)
            marks["promo"] = watermarks.promo.map { JSONValue($0) }
            object["watermarks"] = JSONValue(marks)
        }
        if let lowmemReserve { object["lowmemReserve"] = JSONValue(lowmemReserve.map { JSONValue($0) }) }
        if let freePages { object["freePages"] = JSONValue(freePages) }
        if reservedHighAtomic != 0 { object["reservedHighAtomic"] = JSONValue(reservedHighAtomic) }
        if let pageblockCounts { object["pageblockCounts"] = .byType(pageblockCounts) }
        if let perCPUPages { object["perCPUPages"] = JSONValue(perCPUPages) }
        if !counters.isEmpty {
            object["counters"] = JSONValue(
                JSONObject(counters.sorted { $0.key < $1.key }.map { ($0, JSONValue($1)) }))
        }
        switch free {
        case .counts(let counts): object["counts"] = JSONValue(counts.map(\.json))
        case .lists(let lists): object["lists"] = JSONValue(lists.map(\.json))
        }
        if let exact { object["exact"] = exact.json }
        return JSONValue(object)
    }
}

extension FreeCount {
    /// A plain number if only the total is known.
    fileprivate var json: JSONValue {
        if byType == nil, presentTypes == nil { return JSONValue(total) }
        var object: JSONObject = ["total": JSONValue(total)]
        if let byType { object["byType"] = .byType(byType) }
        if let presentTypes {
            let types = presentTypes.sorted { $0.rawValue < $1.rawValue }
            object["presentTypes"] = JSONValue(types.map { JSONValue($0.kernelName) })
        }
        return JSONValue(object)
    }
}

extension FreeList {
    fileprivate var json: JSONValue {
        [
            "order": JSONValue(order.rawValue), "type": JSONValue(type.kernelName),
            "runs": JSONValue(runs.map { .run($0.first, $0.count) }),
        ]
    }
}

extension ExactZoneState {
    fileprivate var json: JSONValue {
        var object = JSONObject(SnapshotJSON.exact, of: self)
        object["freeHighAtomic"] = freeHighAtomic.map { JSONValue($0) }
        for (name, path) in SnapshotJSON.flags where self[keyPath: path] { object[name] = true }
        object["numa"] = JSONValue(JSONObject(SnapshotJSON.numa, of: numa))
        object["pageblocks"] = JSONValue(
            pageblocks.map { [JSONValue($0.first.rawValue), JSONValue($0.count), JSONValue($0.type.kernelName)] })
        object["pages"] = JSONValue(
            pages.map { run in
                let name = SnapshotJSON.uses.first { $0.use == run.use }?.name ?? ""
                return [JSONValue(run.first.rawValue), JSONValue(run.count), JSONValue(name)]
            })
        object["perCPU"] = JSONValue(perCPU.map(\.json))
        return JSONValue(object)
    }
}

extension PerCPUSnapshot {
    fileprivate var json: JSONValue {
        var object: JSONObject = ["cpu": JSONValue(cpu.rawValue)]
        for (key, value) in JSONObject(SnapshotJSON.perCPU, of: self).members.map({ ($0.key, $0.value) }) {
            object[key] = value
        }
        object["lists"] = JSONValue(
            lists.map { list in
                var object: JSONObject = [
                    "index": JSONValue(list.index),
                    "frames": JSONValue(list.frames.map { JSONValue($0.rawValue) }),
                ]
                if !list.types.isEmpty {
                    object["types"] = JSONValue(list.types.map { JSONValue($0.kernelName) })
                }
                return JSONValue(object)
            })
        return JSONValue(object)
    }
}

extension ZoneKind {
    fileprivate var json: JSONValue { JSONValue(kernelName) }
}

extension JSONObject {
    /// The numbers of a value, including zeros, so that a reader needs no defaults.
    fileprivate init<Owner>(_ fields: [SnapshotJSON.Field<Owner>], of owner: Owner) {
        self.init(fields.map { ($0.name, JSONValue(owner[keyPath: $0.path])) })
    }
}

extension JSONValue {
    fileprivate static func run(_ first: PageFrame, _ count: Int) -> JSONValue {
        count == 1 ? JSONValue(first.rawValue) : [JSONValue(first.rawValue), JSONValue(count)]
    }

    fileprivate static func ranges(_ ranges: [Range<PageFrame>]) -> JSONValue {
        JSONValue(ranges.map { .run($0.lowerBound, $0.pages) })
    }

    fileprivate static func byType(_ counts: [Migratetype: Int]) -> JSONValue {
        JSONValue(
            JSONObject(
                counts.sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0.key.kernelName, JSONValue($0.value)) }))
    }
}
