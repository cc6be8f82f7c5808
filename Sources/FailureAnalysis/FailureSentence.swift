import GFP
import KernelLog
import Topology

/// One sentence for a tired person: which request, where it could look, what stopped it.
struct FailureSentence {
    let report: FailureReport
    let request: FailedRequest?
    let scene: FailureScene?
    let account: MemoryAccount?

    func text(_ cause: Cause, verdict: FailureAnalysis.Verdict) -> String {
        if case .notAsked(let why) = verdict { return special(cause, why) }
        if case .notRebuilt(let why) = verdict {
            return "\(asker) failed, but the machine cannot be rebuilt: \(why)."
        }
        guard let scene else { return special(cause, "the allocator refused the request at once") }
        return "\(asker) could look in \(places(scene))\(cause == .stateWouldServe ? "," : ":") \(stop(cause, scene))."
    }

    /// A failure that follows from a kill.
    func consequence(of kill: FailureAnalysis) -> String {
        "\(asker) failed because the process had just been chosen by the OOM killer (report at line \(kill.report.line)): "
            + "a consequence of that shortage, whose cause is \(kill.cause.title)."
    }

    // MARK: Parts

    /// "The request of init (pid 1) for 16 KiB (order 2, GFP_KERNEL)".
    private var asker: String {
        guard let request else { return "A request" }
        let name = report.process.map { " of \($0.name)" } ?? ""
        let pageSize = report.memory?.assumedPageSize ?? 4096
        let size = (0...20).contains(request.order) ? " for \(Amount.text(bytes: pageSize << request.order))" : ""
        return "The request\(name)\(size) (order \(request.order), \(request.maskText))"
    }

    /// "node 0 Normal and DMA32, and node 1 Normal".
    private func places(_ scene: FailureScene) -> String {
        let zones = scene.allowedZones.map(\.reference)
        guard !zones.isEmpty else { return "no zone at all" }
        let nodes = Array(Set(zones.map(\.node))).sorted()
        if nodes.count > 4 {
            let kinds = Set(zones.map(\.kind)).sorted().reversed().map(\.kernelName)
            return "\(Self.list(kinds)) of \(nodes.count) nodes"
        }
        return Self.list(
            nodes.map { node in
                let kinds = zones.filter { $0.node == node }.map(\.kind).sorted().reversed().map(\.kernelName)
                return "node \(node) \(kinds.joined(separator: "/"))"
            })
    }

    static func list(_ items: [String]) -> String {
        guard let last = items.last, items.count > 1 else { return items.first ?? "" }
        return items.dropLast().joined(separator: ", ") + " and " + last
    }

    private func amount(_ pages: Int) -> String {
        Amount.text(kibibytes: pages &* max(1, (report.memory?.assumedPageSize ?? 4096) / 1024))
    }

    /// "150 MiB of 200 MiB".
    private func held(_ kinds: MemoryHolder.Kind...) -> String {
        guard let account else { return "an unknown part of the memory" }
        return "\(amount(kinds.reduce(0) { $0 + account.pages($1) })) of \(amount(account.managed))"
    }

    private func stop(_ cause: Cause, _ scene: FailureScene) -> String {
        let zones = scene.allowedZones
        let free = amount(zones.reduce(0) { $0 + $1.free })
        let elsewhere = amount(scene.elsewhere.free)
        let order = scene.request.order
        switch cause {
        case .fragmentation:
            let broken = scene.fragmented(zones)
            let largest = (broken.isEmpty ? zones : broken).compactMap(\.largestUsableOrder).max()
            let what = largest.map { "the largest usable block is of order \($0)" } ?? "no block is usable"
            let pieces = amount((broken.isEmpty ? zones : broken).reduce(0) { $0 + $1.free })
            return "\(pieces) are free there, but in pieces: "
                + (scene.isRefusedByHistoricRule ? "too little of it in blocks large enough" : what)
        case .reservesExhausted:
            return
                "it cannot wait, and urgent requests have used up the reserve that is kept for them below the min mark "
                + "(\(free) are left)"
        case .belowMinNoReserve:
            return "it may neither wait nor go below the min mark, and no zone was above it (\(free) are free)"
        case .zoneExhausted:
            return "these are used up (\(free) free), while \(elsewhere) are free in zones that its mask does not allow"
        case .movableOnly:
            return "these are used up (\(free) free), while \(elsewhere) are free in ZONE_MOVABLE, which it may not use"
        case .cmaOnly:
            return "\(free) are free there, but nearly all of it belongs to CMA, which only movable requests may use"
        case .highAtomic:
            return "\(free) are free there, but what lies above the mark is kept for atomic requests of high orders"
        case .watermarkBoost:
            let boost = zones.reduce(0) { $0 + $1.boost }
            return "\(free) are free there, but fragmentation has raised the marks by \(amount(boost)) for a while"
        case .lowmemReserve:
            return "\(free) are free there, but kept from requests that could also use a higher zone (lowmem_reserve)"
        case .nodeFullThisNode:
            return "__GFP_THISNODE ties it to that node, which is full, while \(elsewhere) are free elsewhere"
        case .memorylessNode:
            return "__GFP_THISNODE ties it to a node that has no memory"
        case .nodemask:
            return "its node mask allows no others, these are full, and \(elsewhere) are free elsewhere"
        case .mempolicy:
            return "the memory policy binds it there, where memory is full, and \(elsewhere) are free elsewhere"
        case .cpuset:
            return "its cpuset allows no other nodes, these are full, and \(elsewhere) are free elsewhere"
        case .stateWouldServe: return wouldServe(scene)
        case .orderTooLarge:
            return "order \(order) is above the largest that the allocator has "
                + "(\(scene.machine.snapshot.topology.maximumOrder)), which is a mistake of the caller"
        default: return "memory is used up (\(free) free); " + holder(cause)
        }
    }

    private func wouldServe(_ scene: FailureScene) -> String {
        let zone = scene.record.zone.map { "node \($0.node) \($0.kind)" } ?? "a zone"
        var text =
            "but by the state printed \(zone) would have served it; memory was probably freed between the refusal and the "
            + "report (by reclaim, an exiting process, or another CPU's lists), or another CPU took the pages first"
        let cma = scene.report.memory?.counters["free_cma"] ?? 0
        let free = scene.report.memory?.counters["free"] ?? 0
        if cma > 0, cma >= free / 2, cma <= free {
            text += "; note that \(amount(min(cma, 1 << 40))) of what is free belongs to CMA"
        }
        return text
    }

    private func holder(_ cause: Cause) -> String {
        switch cause {
        case .processMemory: return "processes have \(held(.processes))\(largestProcess)"
        case .mlocked: return "processes have locked \(held(.mlocked))"
        case .tmpfs: return "tmpfs and shared memory have \(held(.tmpfs)), which no kill frees"
        case .hugetlb: return "\(held(.hugePages)) are set aside as huge pages"
        case .slabLeak:
            return "the kernel's slab caches have \(held(.slabUnreclaimable, .slabReclaimable))\(largestSlab)"
        case .pageTables: return "page tables have \(held(.pageTables))"
        case .forkBomb:
            return "there are \(report.tasks.count) tasks, whose stacks and page tables alone have "
                + held(.kernelStacks, .pageTables)
        case .bootInitramfs:
            return "no process has run yet: what the boot left, beside the kernel and the initial file system, was "
                + amount(account?.managed ?? 0)
        case .pageLeak:
            return "\(held(.unaccounted)) are on no counter of the report: pages that the kernel or a driver holds, a "
                + "vmalloc area or a RAM disk, which it cannot tell apart"
        case .memoryFull:
            guard let largest = account?.largestInUse else { return "who has it, the report does not say" }
            return largest.kind == .unaccounted
                ? "\(held(.unaccounted)) are held inside the kernel, on no counter of the report"
                : "the largest part, \(held(largest.kind)), is \(largest.kind.rawValue)"
        default: return "who has it, the report does not say"
        }
    }

    private var largestProcess: String {
        guard let first = report.processes.first, first.residentPages > 0 else { return "" }
        let many = first.count > 1 ? "\(first.count) times " : ""
        return ", most of it \(many)\(first.name) (\(amount(min(first.residentPages, 1 << 40))))"
    }

    private var largestSlab: String {
        guard let slab = report.slabs.max(by: { ($0.total, $1.name) < ($1.total, $0.name) }), slab.total > 0 else {
            return ""
        }
        return ", most of it \(slab.name) (\(Amount.text(kibibytes: slab.total)))"
    }

    private func special(_ cause: Cause, _ why: String) -> String {
        switch cause {
        case .memcg:
            let group = report.oom?.memcg.map { " \($0)" } ?? ""
            let limit =
                report.oom?.cgroupUsage.first { $0.resource == "memory" }
                .map { " of \(Amount.text(kibibytes: $0.limit))" } ?? ""
            return "The memory cgroup\(group) reached its limit\(limit): the page allocator had no part in it."
        case .sysrqF: return "Nothing ran short: a person asked for the kill with SysRq f."
        case .none: return "Nothing failed: the report was asked for."
        case .orderTooLarge:
            return
                "The caller asked for a block above the largest order that the allocator has, which is a mistake of the "
                + "caller: no amount of free memory helps."
        case .vmallocSize:
            let size = report.vmalloc?.size.map { " of \(Amount.text(bytes: $0))" } ?? ""
            return "A vmalloc\(size) failed before any page was asked for: \(why)."
        default: return "\(asker) was not refused by a zone: \(why)."
        }
    }
}
