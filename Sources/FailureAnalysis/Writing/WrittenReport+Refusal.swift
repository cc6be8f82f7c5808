import BuddyEngine
import GFP
import KernelLog
import PageAllocator
import Topology

extension WrittenReport {
    /// What a kernel would have printed of a request that a machine refused: a failure, or that the OOM killer was called
    /// where it would have been.
    ///
    /// - Parameters:
    ///   - request: As it was made, by a policy with the nodes that its last attempt was content with.
    ///   - snapshot: The machine directly after the refusal.
    ///   - nodemask: What the request was left with, see `Machine.reportedNodemask(of:)`.
    ///   - placement: The policy that the task had, if any.
    ///   - use: Who has the pages in use.
    ///   - tasks: Who may be killed; the largest is. Whoever asks is a process too, and the only one where there is no other.
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
        // Only a process can be killed: a kernel thread that asks is not.
        trace +=
            request.gfp.contains(.movable)
            ? [ofFault, "do_anonymous_page", "handle_mm_fault"] : ["alloc_pages", isKill ? "vfs_ioctl" : "kthread"]
    }
}

extension WrittenReport {
    /// Of requests made alike until one was refused: what those before it were given is a process's where their mask is a
    /// movable one.
    ///
    /// - Parameters:
    ///   - series: The requests, of which the last was refused.
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
    /// Whether the kernel calls the OOM killer rather than let such a request fail (`__alloc_pages_may_oom` and what
    /// leads there in `__alloc_pages_slowpath`, mm/page_alloc.c, 6.12).
    public func callsKiller(in architecture: Architecture) -> Bool {
        let highest = GFPFlags.highestZone(selector: gfp.zoneSelector, configured: architecture.zoneKinds) ?? .normal
        return gfp.isSuperset(of: [.directReclaim, .fs]) && gfp.isDisjoint(with: [.noRetry, .retryMayFail, .thisNode])
            && order <= 3 && highest >= .normal && task.isEmpty
    }
}

extension MemoryUse {
    /// What a snapshot's counters tell (`/proc/zoneinfo`), and the pages of requests that were served since.
    ///
    /// - `served`: Pages of requests alike; those of a movable mask are a process's, others are on no counter.
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
