import BuddyEngine
import GFP
import SourceText

extension Topology {
    /// The JSON form, which ``init(json:)-(JSONDocument)`` reads back as the same value. Memory is written as address
    /// ranges; members with default values are omitted.
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
        if !contiguousAreas.isEmpty {
            object["contiguousAreas"] = JSONValue(contiguousAreas.map { JSONValue(text($0)) })
        }
        return JSONValue(object)
    }

    /// Writes the build options that differ from what the architecture's kernels usually have.
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
        if isCMAConfigured != architecture.isCMAConfigured {
            object["cmaConfigured"] = JSONValue(isCMAConfigured)
        }
        if let configuredCPUs { object["configuredCPUs"] = JSONValue(configuredCPUs) }
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
        if let start = node.movableStart {
            object["movableStart"] = JSONValue(ByteSize(bytes: start.rawValue * UInt64(pageSize)).description)
        }
        return JSONValue(object)
    }
}

extension DistanceMatrix {
    /// A single number if all remote distances are equal, else the rows.
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
        for (key, bytes) in [("cma", cma), ("vmalloc", vmalloc), ("highmem", highMem)] {
            if let bytes { object[key] = JSONValue(ByteSize(bytes: bytes).description) }
        }
        if !transparentHugePages { object["transparent_hugepage"] = "never" }
        return JSONValue(object)
    }
}

extension Sysctls {
    /// The settings that differ from a kernel's at boot.
    fileprivate var json: JSONValue {
        let usual = Sysctls()
        var object: JSONObject = [:]
        for sysctl in Sysctl.all where sysctl.isSet(in: self) {
            let value: JSONValue? =
                switch sysctl.field {
                case .number(let path): JSONValue(self[keyPath: path])
                case .derived(let path): self[keyPath: path].map { JSONValue($0) }
                case .flag(let path): JSONValue(self[keyPath: path])
                case .word(let path): self[keyPath: path].map { JSONValue($0) }
                case .byZone(let path):
                    JSONValue(
                        JSONObject(
                            self[keyPath: path].filter { usual[keyPath: path][$0.key] != $0.value }
                                .sorted { $0.key < $1.key }.map { ($0.key.kernelName, JSONValue($0.value)) }))
                }
            object["vm." + sysctl.name] = value
        }
        return JSONValue(object)
    }
}
