import KernelText
import SourceText
import Topology

/// Reads the options about memory, CPUs and nodes.
struct EmulatorArguments {
    var machine = EmulatedMachine()
    var commandLine: KernelCommandLine?
    /// Sizes of memory backends by name.
    private var backends: [String: UInt64] = [:]
    private var coresOfSocket = 1
    private var coresOfDie = 1
    private var coresOfCluster = 1
    private var threadsOfCore = 1
    private var mainBackend: String?
    private var modules: [(backend: String, node: Int)] = []
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
            case "-device": readDevice(value)
            case "-numa": numa.append(value)
            case "--numa": try readVirtmeNode(value, name)
            case "--numa-distance": readVirtmeDistance(value)
            case "-append", "--append", "-a":
                commandLine = KernelCommandLine(parameters: value.split(separator: " ").map(String.init))
            case "-machine", "-M":
                if value.mentions("q35") { machine.isQ35 = true }
                mainBackend = CommandWords.value("memory-backend", of: CommandWords.members(value)) ?? mainBackend
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
        if machine.memory == nil { machine.memory = mainBackend.flatMap { backends[$0] } }
        for module in modules {
            guard let size = backends[module.backend] else { continue }
            machine.modules.append((node: module.node, bytes: size))
        }
        noteParameters()
    }

    /// Names what the guest's command line says about memory and has no effect here.
    private mutating func noteParameters() {
        let names = ["mem=", "memmap=", "numa=", "hugepages=", "hugetlb_cma="]
        let words = (commandLine?.parameters ?? []).filter { word in names.contains { word.hasPrefix($0) } }
        if !words.isEmpty { machine.ignored.append("On the guest's command line, \(words.joined(separator: " "))") }
    }

    /// Reads `pc-dimm,id=dimm1,memdev=mem1,node=1`: memory that is there from the beginning, beside that of `-m`.
    private mutating func readDevice(_ text: String) {
        let members = CommandWords.members(text)
        func value(_ key: String) -> String? { CommandWords.value(key, of: members) }
        let kind = value("driver") ?? members.first?.name ?? ""
        switch kind {
        case "pc-dimm":
            guard let backend = value("memdev") else { return }
            modules.append((backend: backend, node: value("node").flatMap { Int($0) } ?? 0))
        case "nvdimm", "virtio-pmem-pci", "cxl-type3", "virtio-mem-pci", "virtio-mem", "virtio-balloon-pci":
            machine.ignored.append("-device \(kind)")
        default: break
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
        let members = CommandWords.members(text)
        if let most = CommandWords.value("maxmem", of: members) {
            machine.ignored.append("-m maxmem=\(most) (memory to be plugged in later)")
        }
        let size = members.first { $0.value.isEmpty || $0.name == "size" }
        if size == nil, !members.isEmpty { return }
        let value = size.map { $0.value.isEmpty ? $0.name : $0.value } ?? ""
        guard let bytes = CommandWords.bytes(value, unit: 1 << 20) else {
            throw SourceRefusal("\(name): -m \(text): is not an amount of memory, as 4G")
        }
        machine.memory = bytes
    }

    private mutating func readCPUs(_ text: String) {
        let members = CommandWords.members(text)
        func number(_ name: String) -> Int? { CommandWords.value(name, of: members).flatMap { Int($0) } }
        func many(_ name: String) -> Int { min(max(number(name) ?? 1, 1), 1 << 16) }
        // Parts that a socket is divided into, from the largest: dies, clusters, modules, cores and threads; on s390 a
        // drawer has books, and a book sockets.
        let parts = ["dies", "clusters", "modules", "cores", "threads"].map(many)
        let ofSocket = parts.reduce(1) { min($0 * $1, 1 << 16) }
        let outer = min(many("drawers") * many("books"), 1 << 16)
        let named = members.first { $0.value.isEmpty }.flatMap { Int($0.name) } ?? number("cpus")
        let most = number("maxcpus")
        machine.cpuCount = min(max(named ?? most ?? min(many("sockets") * ofSocket * outer, 1 << 16), 1), 1 << 16)
        if let most, most > machine.cpuCount {
            machine.ignored.append("-smp maxcpus=\(most) (CPUs to be plugged in later)")
        }
        // What is left open is cores from QEMU 6.2 on (`machine_parse_smp_config`, hw/core/machine-smp.c).
        let all = min(max(most ?? machine.cpuCount, 1), 1 << 16)
        let hasCores = members.contains { $0.name == "cores" }
        let hasSockets = members.contains { $0.name == "sockets" }
        let sockets = hasSockets ? many("sockets") : hasCores ? max(all / max(ofSocket * outer, 1), 1) : 1
        threadsOfCore = many("threads")
        coresOfSocket = max(all / max(sockets * outer, 1), 1)
        coresOfDie = max(coresOfSocket / many("dies"), 1)
        coresOfCluster = max(coresOfDie / many("clusters"), 1)
        if hasSockets { machine.cpusOfSocket = coresOfSocket }
    }

    private mutating func readBackend(_ text: String) {
        let members = CommandWords.members(text)
        let kind = CommandWords.value("qom-type", of: members) ?? members.first?.name
        guard kind?.hasPrefix("memory-backend") == true,
            let id = CommandWords.value("id", of: members),
            let size = CommandWords.value("size", of: members).flatMap({ CommandWords.bytes($0, unit: 1) })
        else { return }
        backends[id] = size
    }

    private mutating func readNode(_ text: String, _ name: String) throws(SourceRefusal) {
        let members = CommandWords.members(text)
        func value(_ key: String) -> String? { CommandWords.value(key, of: members) }
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
            if let initiator = value("initiator") { machine.ignored.append("-numa node,initiator=\(initiator)") }
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
                func part(_ key: String) -> Int { min(max(value(key).flatMap { Int($0) } ?? 0, 0), 1 << 12) }
                let first =
                    min(socket * coresOfSocket, 1 << 16) + min(part("die-id") * coresOfDie, 1 << 16)
                    + min(part("cluster-id") * coresOfCluster, 1 << 16) + core * threadsOfCore
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
