import KernelText
import SourceText
import Topology

/// A domain or a host in libvirt's XML, tag by tag.
struct LibvirtDescription {
    private(set) var machine = EmulatedMachine()
    /// `<os><cmdline>`.
    private(set) var commandLine: KernelCommandLine?
    /// A host's smallest `<pages>`, in bytes.
    private(set) var pageSize: Int?
    private var current: Int?
    private var isHost = false
    /// Inside `<memory model='dimm'>`: the bytes of the module; nil outside.
    private var module: UInt64?
    private var hasModule = false

    mutating func read(_ tag: XMLTag) {
        switch tag.name {
        case "cell": readCell(tag)
        case "capabilities": isHost = true
        case "memory": readMemory(tag)
        case "size": if hasModule { module = Self.bytes(tag) }
        case "node":
            if hasModule, let module, let node = Int(tag.content) {
                machine.modules.append((node: node, bytes: module))
                // A domain's amount includes that of its modules.
                machine.memory = machine.memory.map { $0 > module ? $0 - module : $0 }
                hasModule = false
            }
        case "maxMemory": ignore("<maxMemory> (memory to be plugged in later)")
        case "vcpu":
            if let count = tag["current"].flatMap({ Int($0) }) ?? Int(tag.content) {
                machine.cpuCount = min(max(count, 1), 1 << 16)
            }
        case "cpu":
            if isHost, let current, let cpu = tag["id"].flatMap({ Int($0) }), (0..<1 << 16).contains(cpu) {
                machine.nodes[current]?.cpus.append(cpu)
                machine.cpuCount = 0
            }
        case "arch": if isHost, current == nil { setArchitecture(tag.content) }
        case "pages":
            if isHost, let bytes = tag["size"].flatMap({ CommandWords.bytes($0 + (tag["unit"] ?? "KiB"), unit: 1024) }),
                bytes >= 4096, bytes <= 65536
            {
                pageSize = min(pageSize ?? .max, Int(bytes))
            }
        case "sibling":
            guard let current, let to = tag["id"].flatMap({ Int($0) }), let value = tag["value"].flatMap({ UInt8($0) })
            else { return }
            machine.distances[EmulatedMachine.Pair(from: current, to: to)] = value
        case "type": if let name = tag["arch"] { setArchitecture(name) }
        case "cmdline":
            let words = tag.content.split(whereSeparator: \.isWhitespace).map(String.init)
            commandLine = KernelCommandLine(parameters: words)
        case "latency", "bandwidth": ignore("<interconnects> (how fast memory is)")
        case "hugepages": ignore("<hugepages> (of which pages of the host it consists)")
        default: return
        }
    }

    private mutating func readCell(_ tag: XMLTag) {
        let id = tag["id"].flatMap { Int($0) } ?? machine.nodes.count
        current = id
        var node = EmulatedMachine.Node()
        node.cpus = (tag["cpus"] ?? "").split(separator: ",").flatMap { CommandWords.range(String($0)) ?? [] }
        node.memory = tag["memory"].flatMap { CommandWords.bytes($0 + (tag["unit"] ?? "KiB"), unit: 1024) }
        machine.nodes[id] = node
    }

    private mutating func readMemory(_ tag: XMLTag) {
        hasModule = tag["model"] == "dimm"
        if let model = tag["model"], model != "dimm" { ignore("<memory model='\(model)'>") }
        guard let bytes = Self.bytes(tag) else { return }
        if let current, isHost { machine.nodes[current]?.memory = bytes }
        if !isHost, tag["model"] == nil { machine.memory = machine.memory ?? bytes }
    }

    private mutating func ignore(_ text: String) {
        if !machine.ignored.contains(text) { machine.ignored.append(text) }
    }

    private mutating func setArchitecture(_ name: String) {
        machine.architecture = MachineFacts.architecture(named: name)
    }

    private static func bytes(_ tag: XMLTag) -> UInt64? {
        CommandWords.bytes(tag.content + (tag["unit"] ?? "KiB"), unit: 1024)
    }
}
