import GFP
import KernelLog
import KernelText
import Topology

extension MachineFacts {
    /// Where the output of `sysctl -a` may be: in the root, or where sosreport puts it.
    static let sysctlDumps = ["sysctl", "sysctl.txt", "sysctl_-a", "sos_commands/kernel/sysctl_-a"]
    static let numactlOutputs = [
        "numactl", "numactl.txt", "numactl_-H", "numactl_--hardware", "sos_commands/numa/numactl_--hardware",
        "sos_commands/process/numactl_--hardware",
    ]
    static let numastatOutputs = ["numastat_-m", "numastat-m", "sos_commands/numa/numastat_-m"]
    static let numastatTables = ["numastat", "numastat.txt", "sos_commands/numa/numastat"]
    static let lscpuOutputs = ["lscpu", "lscpu.txt", "sos_commands/processor/lscpu"]
    static let lsmemOutputs = [
        "lsmem", "lsmem.txt", "sos_commands/memory/lsmem_-a_-o_RANGE_SIZE_STATE_REMOVABLE_ZONES_NODE_BLOCK",
    ]
    static let unameOutputs = ["uname", "uname.txt", "uname_-a", "sos_commands/kernel/uname_-a"]
    static let bootLogs = [
        "dmesg", "dmesg.txt", "dmesg.log", "boot.log", "vmcore-dmesg.txt", "var/log/dmesg", "sos_commands/kernel/dmesg",
        "sos_commands/kernel/dmesg_-T",
    ]

    /// Reads saved outputs of tools.
    mutating func readTools(_ tree: FileTree) throws(HostReadError) {
        if let output = tree.first(of: Self.numactlOutputs) { try readNUMACtl(output.bytes, path: output.path) }
        if let output = tree.first(of: Self.numastatOutputs) { readNUMAStatMemory(output.bytes) }
        if numaStat == nil, let output = tree.first(of: Self.numastatTables),
            let text = try? NUMAStatText(parsing: output.bytes, name: output.path), text.layout == .table
        {
            numaStat = text
        }
        if let output = tree.first(of: Self.lscpuOutputs) { readLSCPU(output.bytes) }
        if let output = tree.first(of: Self.lsmemOutputs) { readLSMem(output.bytes) }
        if let output = tree.first(of: Self.unameOutputs) { readUname(String(decoding: output.bytes, as: UTF8.self)) }
        if let word = tree.word(tree.file("pagesize")), let size = word.split(separator: " ").last.flatMap({ Int($0) }),
            Self.isPageSize(size)
        {
            pageSize = size
        }
        guard bootLog == nil, let log = tree.first(of: Self.bootLogs) else { return }
        let read = BootLog(log.bytes)
        if read.describesMachine || read.cpuCount != nil || !read.fallbackOrder.isEmpty { bootLog = read }
    }

    static func isPageSize(_ bytes: Int) -> Bool { bytes >= 4096 && bytes <= 1 << 20 && bytes & (bytes - 1) == 0 }

    /// Reads `Linux host 6.1.0-13-amd64 #1 SMP ... x86_64 GNU/Linux`.
    private mutating func readUname(_ text: String) {
        let words = text.split(whereSeparator: \.isWhitespace)
        // `uname -r`, `uname -m`, or both.
        if words.count <= 2, words.first != "Linux" {
            for word in words.map(String.init) {
                if version == nil, kernel == nil, let release = KernelVersion(word) {
                    kernel = release
                } else if architecture == nil, Self.architecture(named: word) != .other {
                    architecture = Self.architecture(named: word)
                }
            }
        }
        guard words.count > 2, words[0] == "Linux" else { return }
        if version == nil, kernel == nil { kernel = KernelVersion(String(words[2])) }
        let machines = words.dropFirst(3).filter { Self.architecture(named: String($0)) != .other }
        if architecture == nil { architecture = machines.last.map { Self.architecture(named: String($0)) } }
    }

    private mutating func readNUMACtl(_ bytes: [UInt8], path: String) throws(HostReadError) {
        let text: NUMACtlText
        do throws(KernelTextError) {
            text = try NUMACtlText(parsing: bytes, name: path)
        } catch {
            guard zoneInfo == nil, nodes.isEmpty else { return note("\(error); it is ignored.", .notUnderstood) }
            throw .malformed(error)
        }
        add(text)
    }

    /// Adds what `numactl -H` shows: nodes, CPUs, sizes, free memory and distances.
    mutating func add(_ text: NUMACtlText) {
        for sentence in text.notes { note(sentence.hasSuffix(".") ? sentence : sentence + ".", .notUnderstood) }
        var other = MachineFacts(name: "numactl -H")
        other.nodes = text.nodes.map { node in
            NodeFacts(
                id: node.id, cpus: node.cpus, size: node.size.map { $0 << 20 }, sizeOmitsFirmware: true,
                free: node.free.map { $0 << 20 })
        }
        other.distances = text.distances
        let isFirst = nodes.isEmpty
        fill(from: other)
        guard isFirst, zoneInfo == nil else { return }
        note("memory is as large as the sizes say, in MiB rounded down; its addresses are assumed.")
    }

    /// Reads lines `vm.NAME = VALUE` of `sysctl -a`.
    mutating func readSysctlDump(_ bytes: [UInt8], path: String) {
        for (number, line) in String(decoding: bytes, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        ).enumerated() {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let name = parts[0].trimmingPrefix { $0 == " " }.prefix { $0 != " " }
            guard name.hasPrefix("vm."), VMSysctlText.names.contains(String(name.dropFirst(3))) else { continue }
            readSysctl(String(parts[1]), of: String(name.dropFirst(3)), path: "\(path):\(number + 1)")
        }
    }

    /// Reads `numastat -m`: MemTotal and MemFree of each node, in MiB.
    mutating func readNUMAStatMemory(_ bytes: [UInt8]) {
        let text = NUMAStatMemoryText(String(decoding: bytes, as: UTF8.self))
        var other = MachineFacts(name: "numastat -m")
        other.nodes = text.nodes.map { NodeFacts(id: $0.node, size: $0.total, sizeOmitsFirmware: true, free: $0.free) }
        fill(from: other)
    }
}
