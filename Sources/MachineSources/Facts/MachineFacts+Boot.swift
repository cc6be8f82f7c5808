import BuddyEngine
import GFP
import KernelLog
import PageAllocator
import Topology

extension MachineFacts {
    /// The machine of a boot log, completed by other sources.
    mutating func bootedMachine(_ log: BootLog) -> Snapshot {
        let booted = log.machine(pageSize: pageSize, architecture: architecture, kernel: kernel ?? version?.version)
        notes += booted.notes.filter { !notes.contains($0) }
        var topology = booted.topology
        if !booted.stated.contains(.architecture), architecture == nil, version?.architecture != nil {
            topology.architecture = version?.architecture ?? topology.architecture
        }
        noteContradictions(log, booted)
        if !title.isEmpty { topology.name = title } else { topology.name = "boot log" }
        if let transparentHugePages { topology.boot.transparentHugePages = transparentHugePages }
        useKnownNodes(in: &topology)
        topology.sysctls = bootSysctls(topology)
        compareBatches(log, topology)
        shortenGaps(of: &topology)
        let ids = topology.nodes.map(\.id)
        correctDistances()
        if let known = distances {
            var matrix = DistanceMatrix(nodes: ids)
            for (row, from) in ids.enumerated() {
                for (column, to) in ids.enumerated() {
                    if let distance = known.distance(from: from, to: to) { matrix[row, column] = distance }
                }
            }
            topology.distances = matrix
        } else {
            topology.distances = DistanceMatrix(nodes: ids)
            hasAssumedDistances = true
            if ids.count > 1 {
                note(
                    "A boot log has no distances: 10 within a node and 20 between nodes are assumed. --distances gives "
                        + "them, or + joins a source that has them.")
            }
        }
        return withFreeMemory(Snapshot(topology: topology, zones: []))
    }

    /// CPUs that another source puts on nodes; what it says of sizes, or of nodes that the log lacks, is told where it differs.
    private mutating func useKnownNodes(in topology: inout Topology) {
        let counted = topology.nodes.reduce(0) { $0 + $1.cpus.count }
        for index in topology.nodes.indices {
            guard let known = nodes.first(where: { $0.id == topology.nodes[index].id }) else { continue }
            if let cpus = known.cpus { topology.nodes[index].cpus = cpus }
        }
        let known = nodes.compactMap(\.cpus).reduce(0) { $0 + $1.count }
        if known > 0 {
            notes.removeAll { $0.kind == .assumed && $0.text.mentions("does not say on which nodes they are") }
            if counted > 1, known != counted {
                note("The log counts \(counted) CPUs, another source \(known); those are taken.", .contradiction)
            }
        }
        let spans = topology.zoneSpans()
        for node in nodes {
            guard let size = node.size else { continue }
            let managed = spans.filter { $0.node == node.id }.reduce(0) { $0 + $1.managed } * topology.pageSize
            if abs(managed - size) > max(managed, size) / 16 {
                note(
                    "The log gives node \(node.id) \(managed >> 20) MiB, another source \(size >> 20) MiB; the log is believed.",
                    .contradiction)
            }
        }
    }

    /// Tells of batches of per-CPU lists ("LIFO batch") that are not those of the kernel's rule.
    private mutating func compareBatches(_ log: BootLog, _ topology: Topology) {
        let rules = KernelProfile(nearest: topology.kernel).perCPU
        for zone in log.zonePages {
            guard let printed = zone.batch, zone.pages > 0 else { continue }
            let sizes = [zone.pages, zone.pages - zone.describing].map { pages in
                ZoneSizing.pageset(
                    managed: max(pages, 0), low: 0, cpusOfNode: 1, onlineCPUs: 1, highFraction: 0,
                    pageSize: topology.pageSize, rules: rules
                ).batch
            }
            guard !sizes.contains(max(printed, 1)) else { continue }
            note(
                "The log prints LIFO batch:\(printed) for zone \(zone.zone) of node \(zone.node); \(sizes[0]) follows from "
                    + "its size, and is used.", .contradiction)
        }
    }

    private func bootSysctls(_ topology: Topology) -> Sysctls {
        guard !sysctls.isEmpty else { return topology.sysctls }
        var settings = sysctls.sysctls(zones: topology.architecture.zoneKinds)
        settings.numaZonelistOrder = settings.numaZonelistOrder ?? topology.sysctls.numaZonelistOrder
        return settings
    }

    private mutating func noteContradictions(_ log: BootLog, _ booted: BootedMachine) {
        let other = kernel ?? version?.version
        if let own = log.kernelRelease.flatMap({ KernelVersion($0) }), let other,
            (own.major, own.minor) != (other.major, other.minor)
        {
            note("The log is of Linux \(own), not of \(other); the log is believed.", .contradiction)
        }
        if let architecture, booted.stated.contains(.architecture), architecture != booted.topology.architecture {
            note(
                "The log is of \(booted.topology.architecture.rawValue), not of \(architecture.rawValue); the log is "
                    + "believed.", .contradiction)
        }
        if let pageSize, booted.stated.contains(.pageSize), pageSize != booted.topology.pageSize {
            note(
                "The log describes pages of \(booted.topology.pageSize) bytes, not of \(pageSize); the log is believed.",
                .contradiction)
        }
    }

    /// Uses the printed order in which nodes fall back to one another, if there is one.
    mutating func useFallbackOrder(_ snapshot: inout Snapshot) {
        guard let log = bootLog, !log.fallbackOrder.isEmpty, snapshot.zonelists.isEmpty, complete == nil else { return }
        let topology = snapshot.topology
        let withMemory = Set(topology.nodes.filter { !$0.memory.isEmpty }.map(\.id))
        for node in topology.nodes {
            guard let printed = log.fallbackOrder[node.id] else { continue }
            let order = printed.filter { withMemory.contains($0) }
            // An order printed before the last memory was added does not include that memory.
            guard Set(order) == withMemory else { continue }
            if topology.sysctls.numaZonelistOrder?.lowercased().hasPrefix("z") == true { continue }
            snapshot.zonelists[node.id] = order.flatMap { node in
                topology.architecture.zoneKinds.reversed().map { ZoneReference(node: node, kind: $0) }
            }
        }
        guard !snapshot.zonelists.isEmpty, topology.nodes.count > 1 else { return }
        let check = BootOrderCheck(log, distances: distances == nil ? nil : topology.distances)
        notes.append(check.note)
    }
}
