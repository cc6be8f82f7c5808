import BuddyEngine
import GFP
import KernelLog
import PageAllocator
import Topology

extension WrittenReport {
    /// Creates the report that a kernel would have printed of a request that a machine refused: of a failure, or of a
    /// call of the OOM killer where the kernel would have called it.
    ///
    /// - Parameters:
    ///   - request: The request as it was made; of one under a policy, with the nodes that its last attempt allowed.
    ///   - snapshot: The machine directly after the refusal.
    ///   - nodemask: The nodemask that the request ended with, see `Machine.reportedNodemask(of:)`.
    ///   - placement: The policy of the task, if any.
    ///   - use: Who holds the pages in use.
    ///   - tasks: The processes that may be killed; the largest one is. The requesting process is one of them, the only
    ///     one if there is no other.
    public init(
        _ request: AllocationRequest, refusedBy snapshot: Snapshot, nodemask: NodeMask?,
        placement: TaskPlacement? = nil,
        use: MemoryUse = MemoryUse(), tasks: [Task] = []
    ) {
        let kernel = snapshot.topology.kernel
        let order = Int(request.order.rawValue)
        let isKill = request.callsKiller(in: snapshot.topology.architecture)
        let tasks = tasks.isEmpty ? [Task(pid: 100, name: "worker", anonymous: 0)] : tasks
        let victim = tasks.indices.max { (tasks[$0].anonymous, $1) < (tasks[$1].anonymous, $0) }
        self.init(
            isKill ? .kill(victim: victim) : .failure, snapshot,
            release: "\(kernel.major).\(kernel.minor).\(kernel.patch)", gfp: request.gfp, order: order)
        self.nodemask = nodemask?.nodes
        if let cpuset = placement?.cpuset {
            memsAllowed = cpuset.nodes.nodes
            self.cpuset = "/cpuset"
            constraint = "CONSTRAINT_CPUSET"
        }
        if nodemask != nil { constraint = "CONSTRAINT_MEMORY_POLICY" }
        self.use = use
        self.tasks = tasks
        (process, pid) = (tasks[0].name, tasks[0].pid)
        let version = KernelVersion(kernel.major, kernel.minor)
        let allocator = [
            "__alloc_pages_slowpath.constprop.0",
            version.has(.plainAllocatorName) ? "__alloc_pages" : "__alloc_pages_nodemask",
        ]
        trace =
            isKill
            ? ["dump_stack", "dump_header", "oom_kill_process", "out_of_memory"] + allocator
            : ["dump_stack", "warn_alloc"] + allocator
        let ofFault = version.has(.reportsOfAllowedZones) ? "vma_alloc_folio" : "alloc_pages_vma"
        // Only a process can be killed, so a requesting kernel thread cannot.
        trace +=
            request.gfp.contains(.movable)
            ? [ofFault, "do_anonymous_page", "handle_mm_fault"] : ["alloc_pages", isKill ? "vfs_ioctl" : "kthread"]
    }
}

extension WrittenReport {
    /// Creates the report of a series of identical requests, the last of which was refused. The pages of the earlier
    /// ones belong to a process if the mask is a movable one.
    ///
    /// - Parameters:
    ///   - series: The requests.
    ///   - snapshot: The machine after the refusal.
    ///   - start: The machine as it was loaded, for its counters.
    public init(_ series: RequestSeries, on snapshot: Snapshot, start: Snapshot) {
        let pages = series.tally.served << Int(series.request.order.rawValue)
        let use = MemoryUse(of: start, served: pages, series.request.gfp)
        let isProcess = series.request.gfp.contains(.movable)
        self.init(
            series.request, refusedBy: snapshot, nodemask: series.reportedNodemask, placement: series.placement,
            use: use,
            tasks: isProcess ? [Task(pid: 100, name: "worker", anonymous: pages)] : [])
    }
}

extension AllocationRequest {
    /// Whether the kernel calls the OOM killer rather than fail such a request (`__alloc_pages_may_oom` and its callers
    /// in `__alloc_pages_slowpath`, mm/page_alloc.c, 6.12).
    ///
    /// - Parameters:
    ///   - architecture: The machine's architecture, which decides its kinds of zones.
    public func callsKiller(in architecture: Architecture) -> Bool {
        let highest = GFPFlags.highestZone(selector: gfp.zoneSelector, configured: architecture.zoneKinds) ?? .normal
        return gfp.isSuperset(of: [.directReclaim, .fs]) && gfp.isDisjoint(with: [.noRetry, .retryMayFail, .thisNode])
            && order <= 3 && highest >= .normal && task.isEmpty
    }
}

extension MemoryUse {
    /// The use of memory by a snapshot's counters (`/proc/zoneinfo`), plus the pages of requests that were served
    /// since.
    ///
    /// - Parameters:
    ///   - snapshot: The machine's state.
    ///   - pages: Pages of the identical requests served since; those of a movable mask belong to a process, others are
    ///     on no counter.
    ///   - gfp: The mask of those requests.
    public init(of snapshot: Snapshot, served pages: Int, _ gfp: GFPFlags) {
        self.init()
        func sum(_ names: String...) -> Int {
            snapshot.zones.reduce(0) { sum, zone in
                names.reduce(sum) { $0 &+ min(max(0, zone.counters[$1] ?? 0), 1 << 40) }
            }
        }
        shared = sum("nr_shmem")
        anonymous = max(0, sum("nr_zone_active_anon", "nr_zone_inactive_anon") - shared)
        file = sum("nr_zone_active_file", "nr_zone_inactive_file")
        dirty = min(file, sum("nr_zone_write_pending"))
        locked = sum("nr_mlock")
        slabUnreclaimable = sum("nr_slab_unreclaimable")
        slabReclaimable = sum("nr_slab_reclaimable")
        pageTables = sum("nr_page_table_pages")
        if gfp.contains(.movable) { anonymous &+= pages }
    }
}
