import Topology

extension BootLog {
    /// The CPUs of each node: as the kernel brought them up; else by the firmware's table, by the groups that share
    /// memory, or all on the only node.
    func cpuOwners(_ notes: inout [SourceNote]) -> [NodeID: [CPUID]] {
        let ids = nodes
        guard let first = ids.first else { return [:] }
        var owners: [NodeID: [CPUID]] = [:]
        if !cpus.isEmpty {
            owners = cpus
            if !cpus.values.contains(where: { $0.contains(0) }) {
                let node = processors.first { $0.apic == 0 }?.node ?? processors.first?.node ?? first
                if processors.isEmpty, ids.count > 1 {
                    notes.append(
                        SourceNote(.assumed, "The log does not say where CPU 0 is: node \(node) is assumed."))
                }
                owners[node, default: []].insert(0, at: 0)
            }
        } else if let grouped = groupedCPUs(ids, &notes) {
            owners = grouped
        } else if !processors.isEmpty {
            owners = firmwareCPUs(&notes)
        }
        return completed(owners, first: first, &notes)
    }

    /// Assigns CPUs that are counted but whose nodes are not stated.
    private func completed(
        _ owners: [NodeID: [CPUID]], first: NodeID, _ notes: inout [SourceNote]
    ) -> [NodeID: [CPUID]] {
        var owners = owners
        let known = Set(owners.values.joined())
        let count = probableCount(&notes)
        guard count > known.count, count <= 1 << 16 else {
            if known.isEmpty {
                notes.append(SourceNote(.assumed, "The log names no CPU: one, CPU 0, is assumed on node \(first)."))
                owners[first] = [0]
            }
            return owners
        }
        let withMemory = nodes.filter { bytes(of: $0) > 0 }
        var missing = (0..<count).map { CPUID($0) }.filter { !known.contains($0) }
        missing = Array(missing.prefix(count - known.count))
        if nodes.count == 1 {
            owners[first, default: []] += missing
        } else if known.isEmpty {
            notes.append(
                SourceNote(
                    .assumed,
                    "The log counts \(count) CPUs and does not say on which nodes they are: "
                        + "all are put on node \(withMemory.first ?? first)."))
            owners[withMemory.first ?? first] = missing
        } else {
            // In turn, as firmware numbers them: in the order in which the first CPUs go round the nodes, or to the nodes
            // known to have CPUs.
            let round = Self.round(owners)
            missing.removeAll { cpu in
                guard let round else { return false }
                owners[round[(Int(cpu.rawValue) - 1) % round.count], default: []].append(cpu)
                return true
            }
            let nodes = owners.keys.sorted()
            for (index, cpu) in missing.enumerated() { owners[nodes[index % nodes.count], default: []].append(cpu) }
            notes.append(
                SourceNote(
                    .assumed,
                    "The log counts \(count) CPUs but names the nodes of \(known.count): "
                        + "the others are put on nodes \(nodes.map(\.description).joined(separator: ", ")) in turn."))
        }
        return owners.mapValues { Array(Set($0)).sorted() }
    }

    /// The nodes of the CPUs from 1 on, if those that are known are numbered without a gap and each of them is on another
    /// node, so that the next ones go round again. Where the boot CPU is, is often not stated.
    private static func round(_ owners: [NodeID: [CPUID]]) -> [NodeID]? {
        let places = owners.flatMap { node, cpus in cpus.map { (cpu: $0, node: node) } }
            .filter { $0.cpu != 0 }.sorted { $0.cpu < $1.cpu }
        guard places.count > 1, places.count == owners.count, Set(places.map(\.node)).count == places.count,
            places.enumerated().allSatisfy({ Int($0.element.cpu.rawValue) == $0.offset + 1 })
        else { return nil }
        return places.map(\.node)
    }

    /// The number of CPUs counted when all were up, or the best estimate from a log that ends before.
    private func probableCount(_ notes: inout [SourceNote]) -> Int {
        if let cpuCount { return cpuCount }
        if !startedCPUs.isEmpty { return startedCPUs.union([0]).count }
        let grouped = cpuGroups.values.reduce(0) { $0 + $1.count }
        if grouped > 0 { return grouped }
        guard cpus.isEmpty, processors.isEmpty, let expected = presentCPUs ?? possibleCPUs, expected <= 1 << 16 else {
            return presentCPUs ?? 0
        }
        notes.append(
            SourceNote(
                .assumed,
                "The log does not say how many CPUs came up: all \(expected) that it expects are assumed to be there."))
        return expected
    }

    /// The CPUs by `pcpu-alloc`, which has a group for each node with CPUs, in order of its first CPU
    /// (`pcpu_build_alloc_info`, mm/percpu.c).
    private func groupedCPUs(_ ids: [NodeID], _ notes: inout [SourceNote]) -> [NodeID: [CPUID]]? {
        guard cpuGroups.count > 1 else { return nil }
        let online = ids.filter { bytes(of: $0) > 0 || memorylessNodes.contains($0) || nodeSpans[$0] != nil }
        let withMemory = ids.filter { bytes(of: $0) > 0 }
        guard let places = [online, withMemory].first(where: { $0.count == cpuGroups.count }) else { return nil }
        var groups = cpuGroups.sorted { $0.key < $1.key }.map { $0.value.sorted() }
        let known = groups.reduce(0) { $0 + $1.count }
        if let count = cpuCount ?? possibleCPUs, count > known, count <= 1 << 16, Self.areRunsInOrder(groups) {
            // A log that is cut off names the first CPU of each group.
            for index in groups.indices {
                guard let start = groups[index].first.map({ Int($0.rawValue) }) else { continue }
                let next = index + 1 < groups.count ? groups[index + 1].first.map { Int($0.rawValue) } : nil
                let end = min(next ?? count, count)
                if start < end { groups[index] = (start..<end).map { CPUID($0) } }
            }
        }
        notes.append(
            SourceNote(
                .assumed,
                "Which CPU is on which node is taken from the groups of per-CPU memory (\"pcpu-alloc\"), "
                    + "in order of the nodes."))
        return Dictionary(uniqueKeysWithValues: zip(places, groups))
    }

    private static func areRunsInOrder(_ groups: [[CPUID]]) -> Bool {
        zip(groups, groups.dropFirst()).allSatisfy { ($0.last ?? 0) < ($1.first ?? 0) }
    }

    /// The CPUs in the order of the firmware's table of CPUs, in which the kernel numbers them; usually that of the
    /// SRAT.
    private func firmwareCPUs(_ notes: inout [SourceNote]) -> [NodeID: [CPUID]] {
        var owners: [NodeID: [CPUID]] = [:]
        // Tables also list empty sockets.
        let listed = (cpuCount ?? presentCPUs).map { min($0, processors.count) } ?? processors.count
        for (number, processor) in processors.prefix(listed).enumerated() {
            owners[processor.node, default: []].append(CPUID(number))
        }
        if owners.count > 1 || listed < processors.count {
            notes.append(
                SourceNote(
                    .assumed,
                    "Which CPU is on which node is taken from the firmware's table (SRAT), "
                        + "in the order of its lines."))
        }
        return owners
    }
}
