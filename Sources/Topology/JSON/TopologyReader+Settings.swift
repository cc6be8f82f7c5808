import BuddyEngine
import GFP
import SourceText

extension TopologyReader {
    mutating func architecture(_ value: JSONValue) -> Architecture? {
        shapes.word(
            value,
            [
                "x86_64": .amd64, "amd64": .amd64, "i386": .i386, "i386-pae": .i386pae, "arm64": .arm64,
                "aarch64": .arm64,
                "riscv64": .riscv64, "other": .other,
            ])
    }

    mutating func kernel(_ value: JSONValue) -> KernelVersion? {
        if value.double != nil {
            shapes.report(value, "put the version in quotes: as a number 6.10 would be 6.1")
            return nil
        }
        guard let text = shapes.string(value) else { return nil }
        guard let version = KernelVersion(text) else {
            shapes.report(value, "\"\(text)\" is not a kernel version: write \"6.1\" or \"6.12\"")
            return nil
        }
        return version
    }

    mutating func order(_ value: JSONValue) -> Order? {
        guard let number = shapes.integer(value) else { return nil }
        guard (1...Int(Topology.highestOrder.rawValue)).contains(number) else {
            shapes.report(
                value,
                "\(number) is not an order: use 1 to \(Topology.highestOrder); the usual is 10, or 9 for a pageblock"
            )
            return nil
        }
        return Order(number)
    }

    /// Reads the sizes of blocks; the defaults are the architecture's for the page size.
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
        guard let object = shapes.object(value, keys: ["dma", "dma32", "normal"], what: "zoneLimits") else {
            return nil
        }
        return ZoneLimits(
            dma: object["dma"].flatMap { size($0) }, dma32: object["dma32"].flatMap { size($0) },
            normal: object["normal"].flatMap { size($0) })
    }

    // MARK: - Boot parameters

    static let bootKeys = [
        "movablecore", "kernelcore", "movable_node", "cma", "vmalloc", "highmem", "transparent_hugepage",
    ]

    mutating func boot(_ value: JSONValue) -> BootParameters {
        guard let object = shapes.object(value, keys: Self.bootKeys, what: "boot") else { return BootParameters() }
        return BootParameters(
            movableCore: object["movablecore"].flatMap { amount($0) },
            kernelCore: object["kernelcore"].flatMap { amount($0) },
            movableNode: object["movable_node"].flatMap { shapes.flag($0) } ?? false,
            cma: object["cma"].flatMap { size($0) }, vmalloc: object["vmalloc"].flatMap { size($0) },
            highMem: object["highmem"].flatMap { size($0) },
            transparentHugePages: object["transparent_hugepage"].flatMap { hugePages($0) } ?? true)
    }

    private mutating func hugePages(_ value: JSONValue) -> Bool? {
        value.bool ?? shapes.word(value, ["always": true, "madvise": true, "never": false])
    }

    private mutating func amount(_ value: JSONValue) -> BootParameters.Amount? {
        guard let text = value.string else { return size(value).map { .bytes($0) } }
        do throws(ByteSize.Invalid) {
            return try BootParameters.Amount(text)
        } catch {
            shapes.report(value, error.description)
            return nil
        }
    }

    // MARK: - Sysctls

    /// Reads settings; `before` has the values of those not given.
    mutating func sysctls(
        _ value: JSONValue, _ architecture: Architecture, before: Sysctls = Sysctls()
    ) -> Sysctls {
        var sysctls = before
        let keys = Sysctl.names + Sysctl.names.map { "vm." + $0 }
        guard let object = shapes.object(value, keys: keys, what: "sysctls") else { return sysctls }
        for sysctl in Sysctl.all {
            let prefixed = object.member("vm." + sysctl.name)
            if object[sysctl.name] != nil, let again = prefixed {
                shapes.report(at: again.keyOffset ?? 0, "\(sysctl.name) is set already, without \"vm.\"")
            }
            guard let value = object[sysctl.name] ?? prefixed?.value else { continue }
            switch sysctl.field {
            case .number(let path): if let number = shapes.integer(value) { sysctls[keyPath: path] = number }
            case .derived(let path): if let number = shapes.integer(value) { sysctls[keyPath: path] = number }
            case .flag(let path): if let flag = switchValue(value) { sysctls[keyPath: path] = flag }
            case .word(let path): if let word = shapes.string(value) { sysctls[keyPath: path] = word }
            case .byZone(let path):
                for (kind, number) in ratios(value, architecture.zoneKinds) { sysctls[keyPath: path][kind] = number }
            }
        }
        return sysctls
    }

    /// Reads true or false, or 1 or 0 as sysctl(8) has it.
    private mutating func switchValue(_ value: JSONValue) -> Bool? {
        value.int == 1 ? true : value.int == 0 ? false : shapes.flag(value)
    }

    /// Reads an object by zone name, a list in the kernel's order, or that list as the kernel prints it.
    private mutating func ratios(_ value: JSONValue, _ kinds: [ZoneKind]) -> [(ZoneKind, Int)] {
        if value.object != nil {
            guard let object = shapes.object(value, keys: kinds.map(\.kernelName), what: "a table by zone") else {
                return []
            }
            return object.members.compactMap { member in
                guard let kind = ZoneKind(kernelName: member.key), let ratio = shapes.integer(member.value) else {
                    return nil
                }
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
            shapes.report(value, "this must be one whole number for each zone: \(names)")
            return []
        }
        return zip(kinds, numbers.compactMap(\.self)).map { ($0, $1) }
    }
}
