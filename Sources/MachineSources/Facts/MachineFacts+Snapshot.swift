import BuddyEngine
import GFP
import KernelLog
import KernelText
import OperatingSystem
import PageAllocator
import Topology

extension MachineFacts {
    /// The machine that the facts describe. What they do not state is assumed, and noted.
    ///
    /// - Throws: ``HostReadError`` if there is no memory to make zones from.
    mutating func snapshot() throws(HostReadError) -> Snapshot {
        var snapshot = try assembled()
        useFallbackOrder(&snapshot)
        inferMinFree(&snapshot)
        useVendorsHugePages(&snapshot)
        snapshot.notes = notes.map(\.text)
        return snapshot
    }

    private mutating func assembled() throws(HostReadError) -> Snapshot {
        if var complete {
            if hasOpenDistances { fillReport(&complete) }
            return complete
        }
        if zoneInfo != nil { return try zonedMachine() }
        if let log = bootLog, log.tellsMemory { return bootedMachine(log) }
        if let log = bootLog, log.describesMachine, nodes.isEmpty, memInfo == nil { return bootedMachine(log) }
        return try sizedMachine()
    }

    // MARK: By zones

    private mutating func zonedMachine() throws(HostReadError) -> Snapshot {
        useBootLogCPUs()
        completeNodes()
        var topology = settledTopology()
        noteMissingTexts()
        let hasPromoMark = KernelProfile(nearest: topology.kernel).sizing.hasPromoMark
        let zones = try readZones(topology.architecture, hasPromoMark: hasPromoMark)
        topology.zoneLimits = zoneLimits(of: zones, topology.architecture, pageSize: topology.pageSize)
        topology.nodes = nodes.map { node in
            Topology.Node(
                id: node.id, cpus: node.cpus ?? [],
                memory: memory(of: node.id, zones, pageSize: topology.pageSize))
        }
        noteCollected()
        compareSizes(zones, pageSize: topology.pageSize)
        return Snapshot(topology: topology, zones: zones)
    }

    private mutating func noteMissingTexts() {
        if sysctls.isEmpty {
            note("there are no sysctls (proc/sys/vm): settings have the kernel's defaults.")
        }
    }

    /// A log saved together with zoneinfo tells which CPU is on which node.
    mutating func useBootLogCPUs() {
        guard let log = bootLog, nodes.allSatisfy({ $0.cpus?.isEmpty ?? true }), log.tellsMemory else { return }
        var other = MachineFacts(name: "the boot log")
        other.nodes = log.machine().topology.nodes.map { NodeFacts(id: $0.id, cpus: $0.cpus) }
        fill(from: other)
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

    // MARK: What all need

    mutating func settledTopology() -> Topology {
        let kernel = settleKernel()
        let pageSize = settlePageSize()
        var architecture = settleArchitecture(pageSize: pageSize)
        let pageblockOrder = pageTypeInfo?.sections.first.map { Order($0.pageblockOrder) }
        if architecture == .i386, pageblockOrder == Architecture.i386pae.pageblockOrder(pageSize: pageSize) {
            architecture = .i386pae
        }
        var topology = Topology(
            name: displayName, architecture: architecture, kernel: kernel, nodes: [], distances: distances,
            boot: commandLine?.bootParameters ?? bootLog?.commandLine.map { BootParameters(commandLine: $0) }
                ?? BootParameters(),
            sysctls: sysctls.sysctls(zones: kernelZoneKinds ?? architecture.zoneKinds), pageSize: pageSize)
        if let transparentHugePages { topology.boot.transparentHugePages = transparentHugePages }
        topology.takeOrders(of: architecture)
        if let order = buddyInfo?.maximumOrder {
            topology.maximumOrder = order
            topology.pageblockOrder = min(topology.pageblockOrder, order)
        }
        if let pageblockOrder { topology.pageblockOrder = pageblockOrder }
        topology.isNUMAConfigured = architecture.isNUMAConfigured || nodes.count > 1
        return topology
    }

    private var displayName: String {
        if !title.isEmpty { return title }
        if isLive { return ThisMachine.name }
        return name.split(separator: "/").last.map(String.init) ?? name
    }

    private mutating func settleKernel() -> KernelVersion {
        if let first = statedKernel() { return first }
        if let form = zoneInfo?.form {
            note("the kernel's version is not stated; zoneinfo has the form of \(form.likelyKernel) or one near it.")
            return form.likelyKernel
        }
        note("the kernel's version is not stated; \(KernelVersion.usual) is assumed.")
        return .usual
    }

    /// The first of the versions that the texts state; differing ones are noted. The image's name may be older than the
    /// kernel that was started by kexec.
    private mutating func statedKernel() -> KernelVersion? {
        var stated: [(place: String, version: KernelVersion)] = []
        if let kernel { stated.append(("uname or --kernel", kernel)) }
        if let version = version?.version { stated.append(("/proc/version", version)) }
        if let version = bootLog?.kernelRelease.flatMap({ KernelVersion($0) }) {
            stated.append(("the boot log", version))
        }
        if stated.isEmpty {
            return [commandLine?.imageRelease, hints["OSRelease"]].lazy.compactMap { $0.flatMap { KernelVersion($0) } }
                .first
        }
        let first = stated[0]
        for other in stated
        where (other.version.major, other.version.minor) != (first.version.major, first.version.minor) {
            note(
                "the kernel is \(first.version) by \(first.place) and \(other.version) by \(other.place); the first is taken.",
                .contradiction)
        }
        return first.version
    }

    /// The page size in bytes: as stated, else inferred from MemTotal and the managed pages of all zones.
    private mutating func settlePageSize() -> Int {
        if isLive { return ThisMachine.pageSize }
        if let pageSize { return pageSize }
        if let text = hints["PageSize"], let size = Int(text), Self.isPageSize(size) { return size }
        if let sign = bootLog?.pageSize { return sign.bytes }
        let managed = zoneInfo?.zones.reduce(0) { $0 + $1.managedPages } ?? 0
        guard managed > 0, let total = memInfo?["MemTotal"], total < 1 << 50 else { return pageSizeByHugePages() }
        let bytes = Double(total) * 1024 / Double(managed)
        guard let size = [16384, 65536].first(where: { abs(bytes / Double($0) - 1) < 0.25 }) else { return 4096 }
        note("MemTotal and the managed pages of zoneinfo together describe pages of \(size) bytes.", .used)
        return size
    }

    /// Infers the page size from the size of a huge page, which one page of page tables maps, if only one page size has
    /// it.
    private mutating func pageSizeByHugePages() -> Int {
        let sizes: [UInt64: Int] = [524_288: 65536, 32768: 16384, 16384: 65536]
        guard let huge = memInfo?["Hugepagesize"], let size = sizes[huge] else { return 4096 }
        note("pages have \(size) bytes, by huge pages of \(huge) kB (meminfo).", .used)
        return size
    }

    /// Zones take precedence over other figures of a node's size; a difference is noted.
    private mutating func compareSizes(_ zones: [ZoneSnapshot], pageSize: Int) {
        for node in nodes {
            guard let size = node.size else { continue }
            let managed = zones.filter { $0.span.node == node.id }.reduce(0) { $0 + $1.span.managed }
            let pages = size / pageSize
            if abs(managed - pages) > max(managed, pages) / 64 {
                note(
                    "node \(node.id) has \(managed) managed pages in zoneinfo and \(pages) by its size; "
                        + "the zones are used.", .contradiction)
            }
        }
        guard let total = memInfo?["MemTotal"].flatMap({ Int(exactly: $0) }), total < 1 << 50 else { return }
        let managed = zones.reduce(0) { $0 + $1.span.managed }
        let pages = total * 1024 / pageSize
        if abs(managed - pages) > max(managed, pages) / 64 {
            note(
                "zoneinfo has \(managed) managed pages and MemTotal is \(pages) pages; the zones are used.",
                .contradiction)
        }
    }
}
