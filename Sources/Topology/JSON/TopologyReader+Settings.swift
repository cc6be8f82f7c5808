import BuddyEngine
import GFP
import SourceText

extension TopologyReader {
    mutating func architecture(_ value: JSONValue) -> Architecture? {
        word(
            value,
            [
                "x86_64": .amd64, "amd64": .amd64, "i386": .i386, "i386-pae": .i386pae, "arm64": .arm64,
                "aarch64": .arm64,
                "riscv64": .riscv64, "other": .other,
            ])
    }

    mutating func kernel(_ value: JSONValue) -> KernelVersion? {
        if value.double != nil {
            report(value, "put the version in quotes: as a number 6.10 would be 6.1")
            return nil
        }
        guard let text = string(value) else { return nil }
        guard let version = KernelVersion(text) else {
            report(value, "\"\(text)\" is no kernel version: write \"6.1\" or \"6.12\"")
            return nil
        }
        return version
    }

    mutating func order(_ value: JSONValue) -> Order? {
        guard let number = integer(value) else { return nil }
        guard (1...Int(Topology.highestOrder.rawValue)).contains(number) else {
            report(
                value, "\(number) is no order: use 1 to \(Topology.highestOrder); the usual is 10, or 9 for a pageblock"
            )
            return nil
        }
        return Order(number)
    }

    /// The sizes of blocks, where nothing is said those that the architecture has with such pages.
    mutating func readBlockSizes(_ object: JSONObject, into topology: inout Topology) {
        let pageSize = Topology.isPossible(pageSize: topology.pageSize) ? topology.pageSize : 4096
        let hugePage = topology.architecture.hugePageOrder(pageSize: pageSize)
        topology.maximumOrder =
            object["maximumOrder"].flatMap { order($0) } ?? topology.architecture.maximumOrder(pageSize: pageSize)
        topology.pageblockOrder =
            object["pageblockOrder"].flatMap { order($0) } ?? min(hugePage, topology.maximumOrder)
        if let given = object["hugePageOrder"] {
            topology.hugePageOrder = given.bool == false ? nil : order(given)
        } else {
            topology.hugePageOrder = hugePage <= topology.maximumOrder ? hugePage : nil
        }
    }

    mutating func zoneLimits(_ value: JSONValue) -> ZoneLimits? {
        guard let object = object(value, keys: ["dma", "dma32", "normal"], what: "zoneLimits") else { return nil }
        return ZoneLimits(
            dma: object["dma"].flatMap { size($0) }, dma32: object["dma32"].flatMap { size($0) },
            normal: object["normal"].flatMap { size($0) })
    }

    // MARK: - Boot parameters

    static let bootKeys = ["movablecore", "kernelcore", "movable_node", "cma", "transparent_hugepage"]

    mutating func boot(_ value: JSONValue) -> BootParameters {
        guard let object = object(value, keys: Self.bootKeys, what: "boot") else { return BootParameters() }
        return BootParameters(
            movableCore: object["movablecore"].flatMap { amount($0) },
            kernelCore: object["kernelcore"].flatMap { amount($0) },
            movableNode: object["movable_node"].flatMap { flag($0) } ?? false,
            cma: object["cma"].flatMap { size($0) } ?? 0,
            transparentHugePages: object["transparent_hugepage"].flatMap { hugePages($0) } ?? true)
    }

    private mutating func hugePages(_ value: JSONValue) -> Bool? {
        value.bool ?? word(value, ["always": true, "madvise": true, "never": false])
    }

    private mutating func amount(_ value: JSONValue) -> BootParameters.Amount? {
        guard let text = value.string else { return size(value).map { .bytes($0) } }
        do throws(ByteSize.Invalid) {
            return try BootParameters.Amount(text)
        } catch {
            report(value, error.description)
            return nil
        }
    }

    // MARK: - Rules

    /// Which rules there are the allocator knows; here each is a word, a number, true or false.
    mutating func rules(_ value: JSONValue) -> [RuleChange] {
        guard let table = value.object else {
            report(value, "rules are a table by key, as { \"highAtomicDivisor\": 50 }, not \(describe(value))")
            return []
        }
        return table.members.compactMap { member in
            guard let text = RuleChange.text(member.value) else {
                report(member.value, "a rule is a word, a whole number, true or false, not \(describe(member.value))")
                return nil
            }
            return RuleChange(key: member.key, value: text)
        }
    }

    // MARK: - Sysctls

    static let sysctlNames = [
        "min_free_kbytes", "watermark_scale_factor", "watermark_boost_factor", "lowmem_reserve_ratio",
        "percpu_pagelist_high_fraction", "zone_reclaim_mode", "numa_zonelist_order", "numa_stat",
        "extfrag_threshold", "swappiness", "panic_on_oom", "oom_kill_allocating_task", "defrag_mode",
    ]

    /// - Parameter before: what stays where nothing is said.
    package mutating func sysctls(
        _ value: JSONValue, _ architecture: Architecture, before: Sysctls = Sysctls()
    ) -> Sysctls {
        var sysctls = before
        let keys = Self.sysctlNames + Self.sysctlNames.map { "vm." + $0 }
        guard let object = object(value, keys: keys, what: "sysctls") else { return sysctls }
        func setting(_ name: String) -> JSONValue? { object[name] ?? object["vm." + name] }
        for name in Self.sysctlNames {
            if object[name] != nil, let again = object.member("vm." + name) {
                report(at: again.keyOffset ?? 0, "\(name) is set already, without \"vm.\"")
            }
        }
        sysctls.minFreeKbytes = setting("min_free_kbytes").flatMap { integer($0) } ?? sysctls.minFreeKbytes
        sysctls.watermarkScaleFactor =
            setting("watermark_scale_factor").flatMap { integer($0) } ?? sysctls.watermarkScaleFactor
        sysctls.watermarkBoostFactor =
            setting("watermark_boost_factor").flatMap { integer($0) } ?? sysctls.watermarkBoostFactor
        sysctls.percpuPagelistHighFraction =
            setting("percpu_pagelist_high_fraction").flatMap { integer($0) } ?? sysctls.percpuPagelistHighFraction
        sysctls.zoneReclaimMode = setting("zone_reclaim_mode").flatMap { integer($0) } ?? sysctls.zoneReclaimMode
        sysctls.numaZonelistOrder = setting("numa_zonelist_order").flatMap { string($0) } ?? sysctls.numaZonelistOrder
        sysctls.numaStat = setting("numa_stat").flatMap { switchValue($0) } ?? sysctls.numaStat
        sysctls.extfragThreshold = setting("extfrag_threshold").flatMap { integer($0) } ?? sysctls.extfragThreshold
        sysctls.swappiness = setting("swappiness").flatMap { integer($0) } ?? sysctls.swappiness
        sysctls.panicOnOOM = setting("panic_on_oom").flatMap { integer($0) } ?? sysctls.panicOnOOM
        sysctls.oomKillAllocatingTask =
            setting("oom_kill_allocating_task").flatMap { switchValue($0) } ?? sysctls.oomKillAllocatingTask
        sysctls.defragMode = setting("defrag_mode").flatMap { switchValue($0) } ?? sysctls.defragMode
        if let ratio = setting("lowmem_reserve_ratio") {
            for (kind, value) in ratios(ratio, architecture.zoneKinds) { sysctls.lowmemReserveRatio[kind] = value }
        }
        return sysctls
    }

    /// true or false, or 1 or 0 as sysctl(8) has it.
    private mutating func switchValue(_ value: JSONValue) -> Bool? {
        value.int == 1 ? true : value.int == 0 ? false : flag(value)
    }

    /// An object by zone name, a list in the kernel's order, or that list as the kernel prints it.
    private mutating func ratios(_ value: JSONValue, _ kinds: [ZoneKind]) -> [(ZoneKind, Int)] {
        if value.object != nil {
            guard let object = object(value, keys: kinds.map(\.kernelName), what: "a table by zone") else { return [] }
            return object.members.compactMap { member in
                guard let kind = ZoneKind(kernelName: member.key), let ratio = integer(member.value) else { return nil }
                return (kind, ratio)
            }
        }
        let numbers: [Int?]
        if let text = value.string {
            numbers = text.split { $0 == " " || $0 == "\t" }.map { Int($0) }
        } else if let elements = value.array {
            numbers = elements.map(\.int)
        } else {
            numbers = [nil]
        }
        let names = kinds.map(\.kernelName).joined(separator: ", ")
        guard !numbers.contains(nil), numbers.count <= kinds.count else {
            report(value, "this must be one whole number for each zone: \(names)")
            return []
        }
        return zip(kinds, numbers.compactMap(\.self)).map { ($0, $1) }
    }
}
