import BuddyEngine
import Foundation
import GFP
import KernelText
import Topology

extension HostReading {
    mutating func snapshot() throws(HostReadError) -> Snapshot {
        let isKnown = zoneInfo != nil
        if nodes.isEmpty {
            guard let total = memInfo?["MemTotal"].flatMap({ Int(exactly: $0) }), total > 0, total < 1 << 50 else {
                throw .nothingToRead(path: tree.root)
            }
            nodes = [NodeFacts(id: 0, size: total * 1024)]
            note("no NUMA node is named; all memory of meminfo is put on node 0.")
            assignCPUsWithoutNodes()
            distances = DistanceMatrix(nodes: [0])
        }
        let kernel = readKernel()
        let pageSize = readPageSize()
        var architecture = readArchitecture()
        let pageblockOrder = pageTypeInfo?.sections.first.map { Order($0.pageblockOrder) }
        if architecture == .i386, pageblockOrder == Architecture.i386pae.pageblockOrder(pageSize: pageSize) {
            architecture = .i386pae
        }
        var topology = Topology(
            name: name, architecture: architecture, kernel: kernel, nodes: [], distances: distances,
            boot: commandLine?.bootParameters ?? BootParameters(), sysctls: readSysctls(architecture),
            pageSize: pageSize)
        if let order = buddyInfo?.maximumOrder { topology.maximumOrder = order }
        if let pageblockOrder { topology.pageblockOrder = pageblockOrder }
        topology.isNUMAConfigured = architecture.isNUMAConfigured || nodes.count > 1

        var zones: [ZoneSnapshot] = []
        if isKnown {
            zones = try readZones(architecture)
            topology.zoneLimits = zoneLimits(of: zones, architecture, pageSize: pageSize)
            topology.nodes = nodes.map { node in
                Topology.Node(
                    id: node.id, cpus: node.cpus ?? [], memory: memory(of: node.id, zones, pageSize: pageSize))
            }
            noteCollected()
            compareSizes(zones, pageSize: pageSize)
        } else {
            topology.nodes = try layOutNodes(pageSize: pageSize)
        }
        return Snapshot(topology: topology, zones: zones, notes: notes)
    }

    private mutating func noteCollected() {
        if !fittedZones.isEmpty {
            note(
                "pagetypeinfo and buddyinfo were read at different moments: free blocks by type are scaled to the sums "
                    + "of buddyinfo in \(fittedZones.joined(separator: ", ")).")
        }
        if !zonesWithHoles.isEmpty {
            note(
                "where the holes lie in \(zonesWithHoles.joined(separator: ", ")) is not known; they are put at the "
                    + "zone's end.")
        }
    }

    private var name: String {
        if isLive { return ProcessInfo.processInfo.hostName }
        return tree.root.split(separator: "/").last.map(String.init) ?? tree.root
    }

    private mutating func assignCPUsWithoutNodes() {
        let path = tree.file("sys/devices/system/cpu/online")
        if let text = tree.word(path), let cpus = try? NumberSetText.list(parsing: text, name: path), !cpus.isEmpty {
            nodes[0].cpus = cpus.map { CPUID($0) }
            return
        }
        nodes[0].cpus = [0]
        note("no CPU is named anywhere; one, CPU 0, is assumed on node 0.")
    }

    private mutating func readKernel() -> KernelVersion {
        if let version = version?.version { return version }
        for release in [commandLine?.imageRelease, hints["OSRelease"]] {
            if let release, let version = KernelVersion(release) { return version }
        }
        if let form = zoneInfo?.form {
            note("the kernel's version is not said; zoneinfo has the form of \(form.likelyKernel) or one near it.")
            return form.likelyKernel
        }
        note("the kernel's version is not said; 6.12 is assumed.")
        return KernelVersion(6, 12)
    }

    /// The page size follows from MemTotal, in KiB, and the managed pages of all zones.
    private mutating func readPageSize() -> Int {
        if isLive { return Int(sysconf(Int32(_SC_PAGESIZE))) }
        if let text = hints["PageSize"], let size = Int(text), size >= 4096, size <= 1 << 20, size & (size - 1) == 0 {
            return size
        }
        let managed = zoneInfo?.zones.reduce(0) { $0 + $1.managedPages } ?? 0
        guard managed > 0, let total = memInfo?["MemTotal"], total < 1 << 50 else { return 4096 }
        let bytes = Double(total) * 1024 / Double(managed)
        guard let size = [16384, 65536].first(where: { abs(bytes / Double($0) - 1) < 0.25 }) else { return 4096 }
        note("MemTotal and the managed pages of zoneinfo together tell of pages of \(size) bytes.")
        return size
    }

    private func readSysctls(_ architecture: Architecture) -> Sysctls {
        sysctls.sysctls(zones: kernelZoneKinds ?? architecture.zoneKinds)
    }

    /// Zones win over other figures of a node's size; a difference is said.
    private mutating func compareSizes(_ zones: [ZoneSnapshot], pageSize: Int) {
        for node in nodes {
            guard let size = node.size else { continue }
            let managed = zones.filter { $0.span.node == node.id }.reduce(0) { $0 + $1.span.managed }
            let pages = size / pageSize
            if abs(managed - pages) > max(managed, pages) / 64 {
                note(
                    "node \(node.id) has \(managed) managed pages in zoneinfo and \(pages) by its size; "
                        + "the zones are taken.")
            }
        }
        guard let total = memInfo?["MemTotal"].flatMap({ Int(exactly: $0) }), total < 1 << 50 else { return }
        let managed = zones.reduce(0) { $0 + $1.span.managed }
        let pages = total * 1024 / pageSize
        if abs(managed - pages) > max(managed, pages) / 64 {
            note("zoneinfo has \(managed) managed pages and MemTotal is \(pages) pages; the zones are taken.")
        }
    }
}
