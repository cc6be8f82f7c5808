import GFP
import KernelText
import Topology

/// What the kernel's command line says about memory, beside the lines that came of it.
extension BootLog {
    private var parameters: KernelCommandLine? {
        commandLine.map { KernelCommandLine(parameters: $0.split(separator: " ").map(String.init)) }
    }

    /// Uses the order of zonelists, and tells of each parameter about memory what becomes of it.
    func useParameters(_ topology: inout Topology, _ notes: inout [SourceNote]) {
        topology.sysctls.numaZonelistOrder = zonelistOrder
        guard let parameters else { return }
        if zonelistOrder == nil, !topology.kernel.has(.nodeOrderOnly), let order = parameters["numa_zonelist_order"] {
            topology.sysctls.numaZonelistOrder = order
        }
        let limits = parameters.all(of: ["mem", "memmap", "numa", "memory_hotplug", "efi_fake_mem"])
        if !limits.isEmpty {
            notes.append(
                SourceNote(
                    .used, "\(Self.list(limits)): the memory and the nodes that the log lists are what came of it."))
        }
        if let count = parameters["numa"].flatMap({ $0.hasPrefix("fake=") ? Int($0.dropFirst(5)) : nil }),
            !nodes.isEmpty, nodes.count < count
        {
            notes.append(
                SourceNote(
                    .contradiction,
                    "numa=fake=\(count) asks for \(count) nodes, and the log has \(nodes.count): the log is believed."))
        }
        if let crash = parameters["crashkernel"], memory != nil {
            notes.append(
                SourceNote(.used, "crashkernel=\(crash): is part of what the kernel keeps for itself."))
        }
        noteUnused(parameters, &notes)
    }

    private func noteUnused(_ parameters: KernelCommandLine, _ notes: inout [SourceNote]) {
        let huge = parameters.all(of: ["hugepagesz", "hugepages", "hugetlb_cma"])
        if hugePools.isEmpty, huge.contains(where: { !$0.hasPrefix("hugepagesz=") }) {
            notes.append(
                SourceNote(
                    .notUnderstood,
                    "\(Self.list(huge)): the log does not say how many huge pages came of it; none are taken off what "
                        + "is free."))
        }
        let policies = parameters.all(of: ["numa_balancing", "numa_policy", "page_alloc.shuffle", "init_on_alloc"])
        if !policies.isEmpty {
            notes.append(SourceNote(.notUnderstood, "\(Self.list(policies)): has no effect here."))
        }
        let counts = parameters.all(of: ["maxcpus", "nr_cpus", "possible_cpus"])
        if !counts.isEmpty, cpuCount == nil {
            notes.append(
                SourceNote(.notUnderstood, "\(Self.list(counts)): the log does not say how many CPUs came up."))
        }
    }

    /// Kernels print where Movable begins whenever there is such a zone.
    func dropMovableParameters(_ topology: inout Topology, _ notes: inout [SourceNote]) {
        guard listsMovableStarts, let parameters else { return }
        let asked = parameters.all(of: ["kernelcore", "movablecore", "movable_node"])
        guard !asked.isEmpty else { return }
        topology.boot.kernelCore = nil
        topology.boot.movableCore = nil
        topology.boot.movableNode = false
        notes.append(
            SourceNote(
                .contradiction,
                "\(Self.list(asked)): asks for a Movable zone, and the log lists none (\"Movable zone start for each "
                    + "node\"): there is none."))
    }

    private static func list(_ words: [String]) -> String { words.joined(separator: " ") }
}

extension KernelCommandLine {
    /// All parameters with one of these names, as written.
    fileprivate func all(of names: [String]) -> [String] {
        parameters.filter { word in names.contains { word == $0 || word.hasPrefix($0 + "=") } }
    }
}
