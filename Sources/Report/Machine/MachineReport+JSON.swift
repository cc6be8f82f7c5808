import BuddyEngine
import GFP
import PageAllocator
import SourceText
import Topology

extension MachineReport {
    /// The whole report for programs. Amounts are in pages.
    public var json: JSONValue {
        [
            "name": .init(name), "about": .init(about), "architecture": .init(architecture.rawValue),
            "kernel": .init(kernel.description), "profile": .init(rules.profile), "pageSize": .init(pageSize),
            "maximumOrder": .init(maximumOrder.rawValue), "minFreeKbytes": .init(minFreeKbytes),
            "nodes": .init(nodes.map(json)),
            "distances": .init(distances.rows.map { row in JSONValue(row.map { JSONValue($0) }) }),
            "zones": .init(zones.map(json)),
            "layoutRules": .init(
                layoutRules.map { rule in
                    [
                        "subject": .init(rule.subject), "rule": .init(rule.rule), "kernels": .init(rule.kernels),
                        "source": .init(rule.source),
                    ]
                }), "notes": .init(notes.map { JSONValue($0) }),
        ]
    }

    private func json(_ node: Node) -> JSONValue {
        [
            "id": .init(node.id.rawValue), "cpus": .init(NumberList.format(node.cpus.map { Int($0.rawValue) })),
            "present": .init(node.present), "managed": .init(node.managed), "free": .init(node.free),
            "zonelist": .init(node.zonelist.map(\.json)),
        ]
    }

    private func json(_ zone: Zone) -> JSONValue {
        var reserve = JSONObject()
        for (kind, pages) in zip(zoneKinds, zone.lowmemReserve) { reserve[kind.kernelName] = .init(pages) }
        var free = JSONObject()
        for blocks in zone.freeBlocks where blocks.pages > 0 {
            free[blocks.type.kernelName] = .init(blocks.counts.map { JSONValue($0) })
        }
        let marks = zone.watermarks
        var result: JSONObject = [
            "node": .init(zone.node.rawValue), "zone": .init(zone.kind.kernelName), "start": .init(zone.start.rawValue),
            "spanned": .init(zone.spanned), "present": .init(zone.present), "managed": .init(zone.managed),
            "cma": .init(zone.cma), "free": .init(zone.free),
            "watermarks": [
                "min": .init(marks.min), "low": .init(marks.low), "high": .init(marks.high),
                "promo": .init(marks.promo ?? marks.high), "boost": .init(marks.boost),
            ],
            "lowmemReserve": .init(reserve), "reservedHighAtomic": .init(zone.reservedHighAtomic),
            "perCPU": [
                "batch": .init(zone.perCPU.batch), "highMin": .init(zone.perCPU.highMin),
                "highMax": .init(zone.perCPU.highMax), "pages": .init(zone.perCPU.pages),
            ],
            "freeBlocks": .init(zone.totals.map { JSONValue($0) }), "freeBlocksByType": .init(free),
        ]
        if showsFragmentation {
            let fragmentation = Fragmentation(counts: zone.totals)
            func thousandths(_ index: (Order) -> Int) -> JSONValue {
                .init(fragmentation.counts.indices.map { JSONValue(Double(index(Order($0))) / 1000) })
            }
            result["unusableFreeIndex"] = thousandths(fragmentation.unusable)
            result["fragmentationIndex"] = thousandths(fragmentation.index)
        }
        return .init(result)
    }
}

extension ZoneReference {
    var json: JSONValue { ["node": .init(node.rawValue), "zone": .init(kind.kernelName)] }

    /// The zone as the kernel's messages name it: `node 0 zone Normal`.
    var words: String { "node \(node) zone \(kind)" }
}
