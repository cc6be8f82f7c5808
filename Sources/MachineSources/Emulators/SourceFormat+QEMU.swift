import KernelText
import SourceText
import Topology

extension SourceFormat {
    /// Command lines of QEMU and virtme-ng.
    static let qemu = SourceFormat(
        name: "a QEMU command line", accepted: "a command line of QEMU or virtme-ng",
        recognises: { input in
            guard input.file != nil, !input.isBinary, input.bytes.count < 1 << 22 else { return false }
            // The log of a guest's kernel may begin with the command that started it.
            return !input.head.mentions("Linux version ") && EmulatorCommand(in: input.head) != nil
        },
        load: { input in
            guard let command = EmulatorCommand(in: String(decoding: input.bytes, as: UTF8.self)) else {
                throw SourceRefusal("\(input.name): has no command of QEMU or virtme-ng")
            }
            var facts = MachineFacts(name: input.name)
            var reader = EmulatorArguments()
            try reader.read(command.words, name: input.name)
            facts.commandLine = reader.commandLine
            try reader.machine.add(to: &facts)
            return SourcePart(
                facts: facts, kind: command.isVirtme ? "a virtme-ng command line" : "a QEMU command line",
                name: input.name)
        })
}

/// Reads the options about memory, CPUs and nodes.
struct EmulatorArguments {
    var machine = EmulatedMachine()
    var commandLine: KernelCommandLine?
    /// Sizes of memory backends by name.
    private var backends: [String: UInt64] = [:]
    private var coresOfSocket = 1
    private var threadsOfCore = 1
    private var memoryOfNode: [Int: String] = [:]
    private var nextNode = 0

    mutating func read(_ words: [String], name: String) throws(SourceRefusal) {
        if let program = words.first { setArchitecture(program) }
        var index = 0
        var numa: [String] = []
        while index < words.count {
            let parts =
                words[index].hasPrefix("--")
                ? words[index].split(separator: "=", maxSplits: 1).map(String.init) : [words[index]]
            let option = parts[0]
            let hasOwn = parts.count > 1
            let value = hasOwn ? parts[1] : index + 1 < words.count ? words[index + 1] : ""
            var takes = true
            switch option {
            case "-m", "--memory": try readMemory(value, name)
            case "-smp", "--cpus", "-p": readCPUs(value)
            case "-object": readBackend(value)
            case "-numa": numa.append(value)
            case "--numa": try readVirtmeNode(value, name)
            case "--numa-distance": readVirtmeDistance(value)
            case "-append", "--append", "-a":
                commandLine = KernelCommandLine(parameters: value.split(separator: " ").map(String.init))
            case "-machine", "-M":
                if value.mentions("q35") { machine.isQ35 = true }
                if value.hasPrefix("virt"), machine.architecture == .amd64 { machine.architecture = .arm64 }
            default: takes = false
            }
            index += takes && !hasOwn ? 2 : 1
        }
        for text in numa { try readNode(text, name) }
        for (node, backend) in memoryOfNode {
            guard let size = backends[backend] else {
                throw SourceRefusal(
                    "\(name): node \(node) has the memory \"\(backend)\", and no -object of that id has a size")
            }
            machine.nodes[node]?.memory = size
        }
    }

    private mutating func setArchitecture(_ program: String) {
        if program.hasSuffix("aarch64") { machine.architecture = .arm64 }
        if program.hasSuffix("i386") { machine.architecture = .i386 }
        if program.hasSuffix("riscv64") { machine.architecture = .riscv64 }
        for other in ["ppc64", "s390x", "loongarch64", "arm", "mips64"] where program.hasSuffix("-\(other)") {
            machine.architecture = .other
        }
    }

    private mutating func readMemory(_ text: String, _ name: String) throws(SourceRefusal) {
        let size = CommandWords.members(text).first { $0.value.isEmpty || $0.name == "size" }
        let value = size.map { $0.value.isEmpty ? $0.name : $0.value } ?? ""
        guard let bytes = CommandWords.bytes(value, unit: 1 << 20) else {
            throw SourceRefusal("\(name): -m \(text): is not an amount of memory, as 4G")
        }
        machine.memory = bytes
    }

    private mutating func readCPUs(_ text: String) {
        let members = CommandWords.members(text)
        func number(_ name: String) -> Int? { members.first { $0.name == name }.flatMap { Int($0.value) } }
        let sockets = number("sockets") ?? 1
        let product = sockets.multipliedReportingOverflow(by: (number("cores") ?? 1) &* (number("threads") ?? 1))
        let count =
            members.first { $0.value.isEmpty }.flatMap { Int($0.name) } ?? number("cpus")
            ?? (product.overflow ? 1 : product.partialValue)
        machine.cpuCount = min(max(count, 1), 1 << 16)
        threadsOfCore = min(max(number("threads") ?? 1, 1), 1 << 16)
        coresOfSocket = max(machine.cpuCount / max(sockets, 1), 1)
        if members.contains(where: { $0.name == "sockets" }) { machine.cpusOfSocket = coresOfSocket }
    }

    private mutating func readBackend(_ text: String) {
        let members = CommandWords.members(text)
        let kind = members.first { $0.name == "qom-type" }?.value ?? members.first?.name
        guard kind?.hasPrefix("memory-backend") == true,
            let id = members.first(where: { $0.name == "id" })?.value,
            let size = members.first(where: { $0.name == "size" }).flatMap({ CommandWords.bytes($0.value, unit: 1) })
        else { return }
        backends[id] = size
    }

    private mutating func readNode(_ text: String, _ name: String) throws(SourceRefusal) {
        let members = CommandWords.members(text)
        func value(_ key: String) -> String? { members.first { $0.name == key }?.value }
        switch members.first?.name {
        case "node":
            let id = value("nodeid").flatMap { Int($0) } ?? nextNode
            nextNode = id &+ 1
            var node = machine.nodes[id] ?? EmulatedMachine.Node()
            for member in members where member.name == "cpus" {
                guard let cpus = CommandWords.range(member.value) else {
                    throw SourceRefusal("\(name): -numa \(text): \"\(member.value)\" is not a range of CPUs, as 0-3")
                }
                node.cpus += cpus
            }
            if let memory = value("mem") { node.memory = CommandWords.bytes(memory, unit: 1 << 20) }
            machine.nodes[id] = node
            if let backend = value("memdev") { memoryOfNode[id] = backend }
        case "dist":
            guard let from = value("src").flatMap({ Int($0) }), let to = value("dst").flatMap({ Int($0) }),
                let distance = value("val").flatMap({ UInt8($0) }), distance >= 10
            else { throw SourceRefusal("\(name): -numa \(text): a distance is dist,src=0,dst=1,val=20") }
            machine.distances[EmulatedMachine.Pair(from: from, to: to)] = distance
        case "cpu":
            guard let node = value("node-id").flatMap({ Int($0) }) else { return }
            if let socket = value("socket-id").flatMap({ Int($0) }), value("core-id") == nil, socket >= 0,
                socket < 1 << 12
            {
                machine.nodes[node]?.cpus += Array(socket * coresOfSocket..<(socket + 1) * coresOfSocket)
            } else if let core = value("core-id").flatMap({ Int($0) }), (0..<1 << 16).contains(core) {
                let socket = min(max(value("socket-id").flatMap { Int($0) } ?? 0, 0), 1 << 12)
                let first = socket * coresOfSocket + core * threadsOfCore
                let thread = value("thread-id").flatMap { Int($0) }
                let own = thread.map { first + min(max($0, 0), 1 << 16)...first + min(max($0, 0), 1 << 16) }
                machine.nodes[node]?.cpus += Array(own ?? first...first + threadsOfCore - 1)
            }
        case "hmat-lb", "hmat-cache": machine.ignored.append("-numa \(members[0].name) (how fast memory is)")
        default: machine.ignored.append("-numa \(text)")
        }
    }

    /// Reads virtme-ng's `--numa 1G,cpus=0-1,cpus=4`.
    private mutating func readVirtmeNode(_ text: String, _ name: String) throws(SourceRefusal) {
        let members = CommandWords.members(text)
        guard
            let size = members.first.flatMap({
                CommandWords.bytes($0.name == "mem" ? $0.value : $0.name, unit: 1 << 20)
            })
        else { throw SourceRefusal("\(name): --numa \(text): a node is MEMORY,cpus=RANGE, as 1G,cpus=0-1") }
        var node = EmulatedMachine.Node(memory: size)
        for member in members where member.name == "cpus" { node.cpus += CommandWords.range(member.value) ?? [] }
        machine.nodes[nextNode] = node
        nextNode += 1
    }

    /// Reads `--numa-distance 0,1=51`.
    private mutating func readVirtmeDistance(_ text: String) {
        let parts = text.split(separator: "=")
        let pair = parts.first?.split(separator: ",").compactMap { Int($0) } ?? []
        guard pair.count == 2, parts.count == 2, let value = UInt8(parts[1]), value >= 10 else {
            return machine.ignored.append("--numa-distance \(text)")
        }
        machine.distances[EmulatedMachine.Pair(from: pair[0], to: pair[1])] = value
    }
}
