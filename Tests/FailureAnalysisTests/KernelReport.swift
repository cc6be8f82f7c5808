import BuddyEngine
import GFP
import Topology

/// Prints a machine's state as a kernel would report it: the form is that of `warn_alloc`, `dump_header` and
/// `show_free_areas` (mm/page_alloc.c, mm/oom_kill.c, mm/show_mem.c) in 5.4, 6.1 and 6.12.
struct KernelReport {
    enum Event { case failure, kill }

    /// What the machine does not know: who has the pages. Pages, but for the huge pages.
    struct Use {
        var anonymous = 0
        var file = 0
        var shared = 0
        var locked = 0
        var slab = 0
        var reclaimableSlab = 0
        var pageTables = 0
        var stacks = 0
        /// Of 2 MiB.
        var hugePages = 0
        /// How many tasks of one name share the anonymous pages.
        var tasks = 1
        /// Named only in the log's last lines.
        var constraint = "CONSTRAINT_NONE"
    }

    let snapshot: Snapshot
    let release: String
    let gfp: GFPFlags
    let order: Int
    var event = Event.failure
    var nodemask: [NodeID]?
    var cpuset = "/"
    var memsAllowed: [NodeID]?
    var use = Use()
    /// Functions of the call trace.
    var trace: [String] = ["dump_stack_lvl", "warn_alloc", "__alloc_pages"]

    private var version: KernelVersion { KernelVersion(release) ?? KernelVersion(6, 1) }
    private var layout: GFPLayout { GFPLayout.layout(for: version) }
    private var pageKiB: Int { snapshot.topology.pageSize / 1024 }

    var text: String { (header + ["Mem-Info:"] + counters + zoneLines + tail).joined(separator: "\n") + "\n" }

    private static func list(_ nodes: [NodeID]) -> String { nodes.map { "\($0.rawValue)" }.joined(separator: ",") }

    private var header: [String] {
        let mask = layout.describe(gfp)
        let names = mask.contains("(") ? mask : "0x\(String(layout.kernelValue(of: gfp) ?? 0, radix: 16))(\(mask))"
        let allowed = Self.list(memsAllowed ?? snapshot.topology.nodes.map(\.id))
        let first =
            switch event {
            case .failure:
                "worker: page allocation failure: order:\(order), mode:\(names), nodemask="
                    + "\(nodemask.map { Self.list($0) } ?? "(null)"),cpuset=\(cpuset),mems_allowed=\(allowed)"
            case .kill: "worker invoked oom-killer: gfp_mask=\(names), order=\(order), oom_score_adj=0"
            }
        return [first, "CPU: 0 PID: 100 Comm: worker Not tainted \(release) #1", "Call Trace:", " <TASK>"]
            + trace.map { " \($0)+0x10/0x20" } + [" </TASK>"]
    }

    private var counters: [String] {
        let free = snapshot.zones.reduce(0) { $0 + ($1.freePages ?? 0) }
        return [
            "active_anon:0 inactive_anon:\(use.anonymous + use.shared) isolated_anon:0",
            " active_file:0 inactive_file:\(use.file) isolated_file:0",
            " unevictable:\(use.locked) dirty:0 writeback:0",
            " slab_reclaimable:\(use.reclaimableSlab) slab_unreclaimable:\(use.slab)",
            " mapped:0 shmem:\(use.shared) pagetables:\(use.pageTables) bounce:0",
            " free:\(free) free_pcp:0 free_cma:0",
        ]
    }

    /// The zones that the kernel lists: of the nodes in the mask, up to the highest that the request may use.
    private var listed: [ZoneSnapshot] {
        let kinds = snapshot.topology.architecture.zoneKinds
        let highest = GFPFlags.highestZone(selector: gfp.zoneSelector, configured: kinds) ?? .movable
        return snapshot.zones.filter {
            $0.span.managed > 0 && $0.span.kind <= highest && (nodemask?.contains($0.span.node) ?? true)
        }
    }

    private var zoneLines: [String] {
        var lines: [String] = []
        let managed = max(1, snapshot.zones.reduce(0) { $0 + $1.span.managed })
        let nodes = Set(listed.map(\.span.node)).sorted()
        for node in nodes {
            let own = snapshot.zones.filter { $0.span.node == node }.reduce(0) { $0 + $1.span.managed }
            func share(_ pages: Int) -> Int { Int(Double(pages) * Double(own) / Double(managed)) * pageKiB }
            lines.append(
                "Node \(node) active_anon:0kB inactive_anon:\(share(use.anonymous + use.shared))kB active_file:0kB "
                    + "inactive_file:\(share(use.file))kB unevictable:\(share(use.locked))kB isolated(anon):0kB "
                    + "isolated(file):0kB mapped:0kB dirty:0kB writeback:0kB shmem:\(share(use.shared))kB "
                    + "kernel_stack:\(node == nodes[0] ? use.stacks * pageKiB : 0)kB pagetables:0kB all_unreclaimable? no"
            )
        }
        for zone in listed {
            func share(_ pages: Int) -> Int {
                Int(Double(pages) * Double(zone.span.managed) / Double(managed)) * pageKiB
            }
            lines.append(marks(zone, share: share))
            let reserve = zone.lowmemReserve ?? snapshot.topology.architecture.zoneKinds.map { _ in 0 }
            lines.append("lowmem_reserve[]: " + reserve.map(String.init).joined(separator: " "))
        }
        return lines + listed.map(blocks)
    }

    private func marks(_ zone: ZoneSnapshot, share: (Int) -> Int) -> String {
        let marks = zone.watermarks ?? WatermarkValues(min: 0, low: 0, high: 0)
        let boosted = [marks.min, marks.low, marks.high].map { ($0 + marks.boost) * pageKiB }
        let boost = version >= KernelVersion(5, 12) ? " boost:\(marks.boost * pageKiB)kB" : ""
        let highAtomic =
            version >= KernelVersion(5, 6) ? " reserved_highatomic:\(zone.reservedHighAtomic * pageKiB)KB" : ""
        let freeHighAtomic =
            version >= KernelVersion(6, 12) ? " free_highatomic:\(pages(.highAtomic, zone) * pageKiB)KB" : ""
        return "Node \(zone.span.node) \(zone.span.kind.kernelName) free:\((zone.freePages ?? 0) * pageKiB)kB\(boost) "
            + "min:\(boosted[0])kB low:\(boosted[1])kB high:\(boosted[2])kB\(highAtomic)\(freeHighAtomic) "
            + "active_anon:0kB inactive_anon:\(share(use.anonymous + use.shared))kB active_file:0kB "
            + "inactive_file:\(share(use.file))kB unevictable:\(share(use.locked))kB writepending:0kB "
            + "present:\(zone.span.present * pageKiB)kB managed:\(zone.span.managed * pageKiB)kB "
            + "mlocked:\(share(use.locked))kB bounce:0kB free_pcp:0kB local_pcp:0kB "
            + "free_cma:\(pages(.cma, zone) * pageKiB)kB"
    }

    private func counts(_ zone: ZoneSnapshot) -> [[Migratetype: Int]] {
        let orders = 0...Int(snapshot.topology.maximumOrder.rawValue)
        switch zone.free {
        case .counts(let counts): return counts.map { $0.byType ?? [.movable: $0.total] }
        case .lists(let lists):
            return orders.map { order in
                lists.filter { Int($0.order.rawValue) == order }.reduce(into: [:]) { sums, list in
                    sums[list.type, default: 0] += list.runs.reduce(0) { $0 + $1.count }
                }
            }
        }
    }

    private func pages(_ type: Migratetype, _ zone: ZoneSnapshot) -> Int {
        counts(zone).enumerated().reduce(0) { $0 + ($1.element[type] ?? 0) << $1.offset }
    }

    private func blocks(_ zone: ZoneSnapshot) -> String {
        var sum = 0
        let orders = counts(zone).enumerated().map { order, byType in
            let total = byType.values.reduce(0, +)
            sum += (total << order) * pageKiB
            let letters: [(Migratetype, String)] = [
                (.unmovable, "U"), (.movable, "M"), (.reclaimable, "E"), (.highAtomic, "H"), (.cma, "C"),
                (.isolate, "I"),
            ]
            let types = letters.filter { byType[$0.0] ?? 0 > 0 }.map(\.1).joined()
            return "\(total)*\(pageKiB << order)kB" + (types.isEmpty ? "" : " (\(types))")
        }
        return "Node \(zone.span.node) \(zone.span.kind.kernelName): \(orders.joined(separator: " ")) = \(sum)kB"
    }

    private var tail: [String] {
        let present = snapshot.zones.reduce(0) { $0 + $1.span.present }
        let managed = snapshot.zones.reduce(0) { $0 + $1.span.managed }
        var lines = [
            "Node 0 hugepages_total=\(use.hugePages) hugepages_free=\(use.hugePages) hugepages_surp=0 "
                + "hugepages_size=2048kB",
            "\(use.file + use.shared) total pagecache pages", "0 pages in swap cache", "Free swap  = 0kB",
            "Total swap = 0kB", "\(present) pages RAM", "0 pages HighMem/MovableOnly",
            "\(present - managed) pages reserved",
        ]
        guard event == .kill else { return lines }
        lines.append("Tasks state (memory values in pages):")
        lines.append("[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name")
        for task in 0..<use.tasks {
            let resident = use.anonymous / use.tasks
            lines.append("[\(100 + task)]     0  \(100 + task)  \(resident + 900)  \(resident)  90112  0  0 worker")
        }
        lines.append(
            "oom-kill:constraint=\(use.constraint),nodemask=\(nodemask.map { Self.list($0) } ?? "(null)"),cpuset=\(cpuset)"
                + ",mems_allowed=\(Self.list(memsAllowed ?? snapshot.topology.nodes.map(\.id)))"
                + (use.constraint == "CONSTRAINT_NONE" ? ",global_oom" : "") + ",task_memcg=/,task=worker,pid=100,uid=0"
        )
        lines.append(
            "Out of memory: Killed process 100 (worker) total-vm:90000kB, anon-rss:\(use.anonymous / use.tasks * pageKiB)kB, "
                + "file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:88kB oom_score_adj:0")
        return lines
    }
}
