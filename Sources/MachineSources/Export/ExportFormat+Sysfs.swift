import GFP
import KernelText
import PageAllocator
import Topology

extension ExportFormat {
    /// The files that lstopo, hwloc and programs that accept a root directory read, and this program as well.
    static let sysfs = ExportFormat(
        name: "sysfs", about: "a directory with /sys/devices/system/node, cpu and /proc",
        states: [
            .nodeCount, .numbers, .distances, .sizesToMiB, .sizes, .kernel, .pageSize, .zones, .fallback, .marks,
            .freeOfNodes, .blocks,
        ]
    ) { machine in
        let built = try machine.machine()
        var omitted: [String] = []
        if !machine.snapshot.topology.reserved.isEmpty { omitted.append("where the kernel's own pages lie") }
        if machine.snapshot.topology.nodes.contains(where: \.isHotPluggable) {
            omitted.append("which memory may be unplugged")
        }
        let state = built.kernelState()
        let amounts = ZoneInfoText(state).form.amounts
        var unstated: Set<MachineFact> = []
        if !amounts.contains(.cma), state.zones.contains(where: { $0.span.cma > 0 }) {
            omitted.append("how large contiguous areas are, which zoneinfo has from 5.12 on")
            unstated.insert(.zones)
        }
        if !amounts.contains(.managed),
            state.zones.contains(where: { $0.span.managed != $0.span.present })
        {
            omitted.append("how much of a zone the kernel manages, which zoneinfo has from 3.9 on")
            unstated.formUnion([.sizes, .sizesToMiB, .zones])
        }
        let files = SysfsWriter(machine).files(state)
        return Exported(content: .files(files), omitted: omitted, unstated: unstated)
    }
}

/// Writes the files of procfs and sysfs that describe nodes, CPUs and memory.
private struct SysfsWriter {
    private let machine: SourcedMachine
    private let topology: Topology

    init(_ machine: SourcedMachine) {
        self.machine = machine
        topology = machine.snapshot.topology
    }

    /// The contents by path.
    func files(_ state: Snapshot) -> [String: String] {
        var files = procfs(state)
        let nodes = "sys/devices/system/node"
        let ids = topology.nodes.map { Int($0.id.rawValue) }
        files["\(nodes)/possible"] = NumberList.format(ids) + "\n"
        files["\(nodes)/online"] = NumberList.format(ids) + "\n"
        files["\(nodes)/has_cpu"] = NumberList.format(numbers { !$0.cpus.isEmpty }) + "\n"
        files["\(nodes)/has_memory"] = NumberList.format(numbers { !$0.memory.isEmpty }) + "\n"
        for (row, node) in topology.nodes.enumerated() {
            let folder = "\(nodes)/node\(node.id)"
            let cpus = node.cpus.map { Int($0.rawValue) }
            files["\(folder)/cpulist"] = NumberList.format(cpus) + "\n"
            files["\(folder)/cpumap"] = NumberMask.format(cpus) + "\n"
            files["\(folder)/distance"] = topology.distances.rows[row].map(String.init).joined(separator: " ") + "\n"
            files["\(folder)/meminfo"] = memInfo(of: node, state)
        }
        addProcessors(to: &files)
        return files
    }

    private func numbers(_ matches: (Topology.Node) -> Bool) -> [Int] {
        topology.nodes.filter(matches).map { Int($0.id.rawValue) }
    }

    private func procfs(_ state: Snapshot) -> [String: String] {
        let unit = UInt64(topology.pageSize / 1024)
        let managed = state.zones.reduce(0) { $0 + $1.span.managed }
        let free = state.zones.reduce(0) { $0 + ($1.freePages ?? 0) }
        var files = [
            "proc/zoneinfo": ZoneInfoText(state).text, "proc/buddyinfo": BuddyInfoText(state).text,
            "proc/meminfo": MemInfoText(entries: [
                .init(name: "MemTotal", value: UInt64(managed) * unit),
                .init(name: "MemFree", value: UInt64(max(free, 0)) * unit),
            ]).text,
            "proc/version": "Linux version \(topology.kernel)-\(release) (numazones) #1 SMP\n",
            "proc/cmdline": commandLine + "\n",
            // hwloc reads this besides a tree.
            "proc/hwloc-nofile-info":
                "Architecture: \(machineName)\nOSRelease: \(topology.kernel)\nPageSize: \(topology.pageSize)\n",
        ]
        files["proc/iomem"] = IOMemoryText(entries: memoryMap).text
        let settings = topology.sysctls
        files["proc/sys/vm/watermark_scale_factor"] = "\(settings.watermarkScaleFactor)\n"
        files["proc/sys/vm/watermark_boost_factor"] = "\(settings.watermarkBoostFactor)\n"
        files["proc/sys/vm/percpu_pagelist_high_fraction"] = "\(settings.percpuPagelistHighFraction)\n"
        files["proc/sys/vm/zone_reclaim_mode"] = "\(settings.zoneReclaimMode)\n"
        files["proc/sys/vm/swappiness"] = "\(settings.swappiness)\n"
        if let minFree = settings.minFreeKbytes { files["proc/sys/vm/min_free_kbytes"] = "\(minFree)\n" }
        let ratios = topology.architecture.zoneKinds.filter { $0 != .device }
            .map { "\(settings.lowmemReserveRatio[$0] ?? 0)" }
        files["proc/sys/vm/lowmem_reserve_ratio"] = ratios.joined(separator: "\t") + "\n"
        return files
    }

    private var memoryMap: [IOMemoryText.Entry] {
        let page = UInt64(topology.pageSize)
        return topology.nodes.flatMap { topology.presentMemory(of: $0) }.sorted { $0.lowerBound < $1.lowerBound }.map {
            IOMemoryText.Entry(
                start: $0.lowerBound.rawValue * page, end: $0.upperBound.rawValue * page - 1, name: "System RAM")
        }
    }

    private var commandLine: String {
        let boot = topology.boot
        var words: [String] = []
        func amount(_ amount: BootParameters.Amount) -> String {
            switch amount {
            case .bytes(let bytes): "\(bytes)"
            case .percent(let percent): "\(percent)%"
            }
        }
        if let movable = boot.movableCore { words.append("movablecore=\(amount(movable))") }
        if let kernel = boot.kernelCore { words.append("kernelcore=\(amount(kernel))") }
        if boot.movableNode { words.append("movable_node") }
        if let area = boot.cma { words.append("cma=\(area)") }
        if !boot.transparentHugePages { words.append("transparent_hugepage=never") }
        return words.joined(separator: " ")
    }

    private var machineName: String {
        switch topology.architecture {
        case .amd64: "x86_64"
        case .i386, .i386pae: "i686"
        case .arm64: "aarch64"
        case .riscv64: "riscv64"
        case .other: "unknown"
        }
    }

    private var release: String {
        switch topology.architecture {
        case .other: "generic"
        // The names that distributions use.
        case .i386pae: "686-pae"
        case .amd64, .i386, .arm64, .riscv64: topology.architecture.rawValue
        }
    }

    private func memInfo(of node: Topology.Node, _ state: Snapshot) -> String {
        let unit = UInt64(topology.pageSize / 1024)
        let own = state.zones.filter { $0.span.node == node.id }
        let managed = UInt64(own.reduce(0) { $0 + $1.span.managed }) * unit
        let free = UInt64(max(own.reduce(0) { $0 + ($1.freePages ?? 0) }, 0)) * unit
        return "\nNode \(node.id) MemTotal:       \(managed) kB\nNode \(node.id) MemFree:        \(free) kB\n"
            + "Node \(node.id) MemUsed:        \(managed - min(free, managed)) kB\n"
    }

    private func addProcessors(to files: inout [String: String]) {
        let cpus = topology.nodes.flatMap { $0.cpus.map { Int($0.rawValue) } }.sorted()
        let folder = "sys/devices/system/cpu"
        for name in ["online", "possible", "present"] { files["\(folder)/\(name)"] = NumberList.format(cpus) + "\n" }
        for (position, node) in topology.nodes.enumerated() {
            let siblings = NumberMask.format(node.cpus.map { Int($0.rawValue) })
            for (core, cpu) in node.cpus.enumerated() {
                let place = "\(folder)/cpu\(cpu)/topology"
                files["\(place)/physical_package_id"] = "\(position)\n"
                files["\(place)/core_id"] = "\(core)\n"
                files["\(place)/thread_siblings"] = NumberMask.format([Int(cpu.rawValue)]) + "\n"
                files["\(place)/core_siblings"] = siblings + "\n"
            }
        }
    }
}

extension Machine {
    /// The state as the kernel's texts describe it.
    fileprivate func kernelState() -> Snapshot {
        var state = snapshot()
        for index in state.zones.indices {
            state.zones[index].lowmemReserve = state.zones[index].lowmemReserve.map {
                Array($0.prefix(zoneKinds.count))
            }
        }
        return state
    }
}
