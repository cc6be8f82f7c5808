import BuddyEngine
import GFP
import SourceText

extension Topology {
    /// The JSON form, which ``init(json:)-(JSONDocument)`` reads back as the same value. Memory is written as address
    /// ranges; what has its default is left out.
    public var json: JSONValue {
        let usual = Topology(nodes: [])
        var object: JSONObject = [:]
        if !name.isEmpty { object["name"] = JSONValue(name) }
        if !about.isEmpty { object["about"] = JSONValue(about) }
        object["architecture"] = JSONValue(architecture.rawValue)
        object["kernel"] = JSONValue(kernel.description)
        if pageSize != usual.pageSize { object["pageSize"] = JSONValue(pageSize) }
        writeBuild(into: &object)
        object["nodes"] = JSONValue(nodes.map(json(of:)))
        if nodes.count > 1 || distances != DistanceMatrix(nodes: nodes.map(\.id)) {
            object["distances"] = distances.json
        }
        if let zoneLimits { object["zoneLimits"] = zoneLimits.json }
        if boot != usual.boot { object["boot"] = boot.json }
        if sysctls != usual.sysctls { object["sysctls"] = sysctls.json }
        if !rules.isEmpty { object["rules"] = JSONValue(JSONObject(rules.map { ($0.key, $0.json) })) }
        if !reserved.isEmpty { object["reserved"] = JSONValue(reserved.map { JSONValue(text($0)) }) }
        return JSONValue(object)
    }

    /// What the architecture's kernels are not built with unless somebody chose so.
    private func writeBuild(into object: inout JSONObject) {
        let hugePage = architecture.hugePageOrder(pageSize: pageSize)
        if maximumOrder != architecture.maximumOrder(pageSize: pageSize) {
            object["maximumOrder"] = JSONValue(maximumOrder.rawValue)
        }
        if pageblockOrder != min(hugePage, maximumOrder) {
            object["pageblockOrder"] = JSONValue(pageblockOrder.rawValue)
        }
        if hugePageOrder != (hugePage <= maximumOrder ? hugePage : nil) {
            object["hugePageOrder"] = hugePageOrder.map { JSONValue($0.rawValue) } ?? false
        }
        if isCMAConfigured { object["cmaConfigured"] = true }
        if isNUMAConfigured != (architecture.isNUMAConfigured || nodes.count > 1) {
            object["numaConfigured"] = JSONValue(isNUMAConfigured)
        }
    }

    private func json(of node: Node) -> JSONValue {
        var object: JSONObject = ["id": JSONValue(node.id.rawValue)]
        if !node.cpus.isEmpty { object["cpus"] = JSONValue(NumberList.format(node.cpus.map { Int($0.rawValue) })) }
        let ranges = node.memory.map { JSONValue(text($0)) }
        if !ranges.isEmpty { object["memory"] = ranges.count == 1 ? ranges[0] : JSONValue(ranges) }
        if node.isHotPluggable { object["hotpluggable"] = true }
        return JSONValue(object)
    }
}

extension DistanceMatrix {
    /// One number where all remote distances are that, else the rows.
    fileprivate var json: JSONValue {
        if nodes.count > 1, self == DistanceMatrix(nodes: nodes, remote: self[0, 1]) { return JSONValue(self[0, 1]) }
        return JSONValue(rows.map { row in JSONValue(row.map { JSONValue($0) }) })
    }
}

extension ZoneLimits {
    fileprivate var json: JSONValue {
        var object: JSONObject = [:]
        for (key, limit) in [("dma", dma), ("dma32", dma32), ("normal", normal)] {
            if let limit { object[key] = JSONValue(ByteSize(bytes: limit).description) }
        }
        return JSONValue(object)
    }
}

extension BootParameters {
    fileprivate var json: JSONValue {
        var object: JSONObject = [:]
        if let movableCore { object["movablecore"] = JSONValue(movableCore.description) }
        if let kernelCore { object["kernelcore"] = JSONValue(kernelCore.description) }
        if movableNode { object["movable_node"] = true }
        if cma > 0 { object["cma"] = JSONValue(ByteSize(bytes: cma).description) }
        if !transparentHugePages { object["transparent_hugepage"] = "never" }
        return JSONValue(object)
    }
}

extension Sysctls {
    fileprivate var json: JSONValue {
        let usual = Sysctls()
        var object: JSONObject = [:]
        if let minFreeKbytes { object["vm.min_free_kbytes"] = JSONValue(minFreeKbytes) }
        if watermarkScaleFactor != usual.watermarkScaleFactor {
            object["vm.watermark_scale_factor"] = JSONValue(watermarkScaleFactor)
        }
        if watermarkBoostFactor != usual.watermarkBoostFactor {
            object["vm.watermark_boost_factor"] = JSONValue(watermarkBoostFactor)
        }
        let ratios = lowmemReserveRatio.filter { usual.lowmemReserveRatio[$0.key] != $0.value }
        if !ratios.isEmpty {
            let members = ratios.sorted { $0.key < $1.key }.map { ($0.key.kernelName, JSONValue($0.value)) }
            object["vm.lowmem_reserve_ratio"] = JSONValue(JSONObject(members))
        }
        if percpuPagelistHighFraction != 0 {
            object["vm.percpu_pagelist_high_fraction"] = JSONValue(percpuPagelistHighFraction)
        }
        if zoneReclaimMode != 0 { object["vm.zone_reclaim_mode"] = JSONValue(zoneReclaimMode) }
        if let numaZonelistOrder { object["vm.numa_zonelist_order"] = JSONValue(numaZonelistOrder) }
        if !numaStat { object["vm.numa_stat"] = false }
        if extfragThreshold != 500 { object["vm.extfrag_threshold"] = JSONValue(extfragThreshold) }
        if swappiness != 60 { object["vm.swappiness"] = JSONValue(swappiness) }
        if panicOnOOM != 0 { object["vm.panic_on_oom"] = JSONValue(panicOnOOM) }
        if defragMode { object["vm.defrag_mode"] = true }
        if oomKillAllocatingTask { object["vm.oom_kill_allocating_task"] = true }
        return JSONValue(object)
    }
}
