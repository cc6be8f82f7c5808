extension FailureReport {
    /// What the lines of a kill say.
    public struct OutOfMemory: Hashable, Sendable {
        /// `oom_score_adj` of the task that asked.
        public var scoreAdjustment: Int?
        /// `CONSTRAINT_NONE`, `CONSTRAINT_CPUSET`, `CONSTRAINT_MEMORY_POLICY`, `CONSTRAINT_MEMCG` (5.0 and later).
        public var constraint: String?
        /// The cgroup whose limit was reached.
        public var memcg: String?
        /// The cgroup of the victim.
        public var taskMemcg: String?
        /// The victim, as named in the summary line.
        public var task: String?
        /// The victim's process ID.
        public var taskPID: Int?
        /// Whether the whole machine had run out, rather than a memory cgroup.
        public var isGlobal: Bool?
        /// The usage lines of a memory cgroup (`memory: usage 49152kB, limit 49152kB, failcnt 21`).
        public var cgroupUsage: [CgroupUsage] = []
        /// `Memory cgroup stats`, in bytes or events as printed, by name.
        public var cgroupStatistics: [String: Int] = [:]
        /// The processes killed.
        public var victims: [Victim] = []
        /// `Out of memory and no killable processes...`
        public var hasNoVictim = false
        /// How many further victims were not kept, because of the reader's limit.
        public var otherVictims = 0
    }

    /// A process that was killed. Sizes are in KiB; nil if the kernel did not print them.
    public struct Victim: Hashable, Sendable {
        /// The line of the log, from 1.
        public var line: Int
        /// The process ID.
        public var pid: Int
        /// The name.
        public var name: String
        /// It was killed for its memory cgroup: `Memory cgroup out of memory: Killed process`.
        public var isByMemoryCgroup: Bool
        /// Sizes by the kernel's name: `total-vm`, `anon-rss`, `file-rss`, `shmem-rss`, `pgtables`.
        public var kibibytes: [String: Int] = [:]
        /// The user ID.
        public var uid: Int?
        /// `oom_score_adj`.
        public var scoreAdjustment: Int?
    }

    /// A usage line of a memory cgroup.
    public struct CgroupUsage: Hashable, Sendable {
        /// What is limited: `memory`, `memory+swap`, `swap`, `kmem`.
        public var resource: String
        /// In KiB.
        public var usage: Int
        /// In KiB; a value near 2^63 / 1024 means that there is no limit.
        public var limit: Int
        /// How often the limit was hit (`failcnt`).
        public var failures: Int
    }

    /// `vmalloc error: size 419430400, exceeds total pages, mode:...`
    public struct VmallocFailure: Hashable, Sendable {
        /// In bytes. If pages ran out, 6.x prints how much it had got, not how much was asked for.
        public var size: Int?
        /// `exceeds total pages`, `vm_struct allocation failed`, `failed to allocate pages`, ...
        public var reason: String
        /// The order of the pages that were being allocated.
        public var pageOrder: Int?
    }

    /// `cma: cma_alloc: reserved: alloc failed, req-size: 256 pages, ret: -12`.
    public struct CMAFailure: Hashable, Sendable {
        /// The area's name; nil if the kernel does not print it.
        public var area: String?
        /// How many pages were asked for.
        public var pages: Int
        /// The error number: -12: no run of free pages is long enough; -16: pages in one could not be moved; -4: a
        /// signal arrived; nil: not printed.
        public var result: Int?
        /// The longest run of free pages; nil if not printed (CONFIG_CMA_DEBUG).
        public var largestRun: Int? = nil
        /// The number of free pages.
        public var free: Int? = nil
        /// The area's size in pages.
        public var total: Int? = nil
    }

    /// `HugeTLB: allocating 4096 of page size 2.00 MiB failed.  Only allocated 1897 hugepages.`
    public struct HugePageShortage: Hashable, Sendable {
        /// How many were asked for.
        public var wanted: Int
        /// How many were allocated.
        public var got: Int?
        /// As printed: `2.00 MiB`.
        public var size: String
    }

    /// `SLUB: Unable to allocate memory on node -1, gfp=0x820(GFP_ATOMIC)` and the lines below it.
    public struct SlubFailure: Hashable, Sendable {
        /// The line of the log, from 1.
        public var line: Int
        /// The node; -1: any.
        public var node: Int?
        /// The mask.
        public var gfp: Mask?
        /// The name of the slab cache.
        public var cache: String?
        /// In bytes.
        public var objectSize: Int?
        /// In bytes.
        public var bufferSize: Int?
        /// The order that the cache prefers.
        public var defaultOrder: Int?
        /// The order that the cache falls back to.
        public var minimumOrder: Int?
        /// The cache's slabs on each node.
        public var nodes: [SlubNode] = []

        /// The memory cgroup that has a cache of its own: its name follows its number, `kmalloc-192(960:web)` (up to 5.8).
        public var cgroup: String? {
            guard let cache, cache.hasSuffix(")"), let open = cache.lastIndex(of: "(") else { return nil }
            let inner = cache[cache.index(after: open)...].dropLast()
            guard let colon = inner.firstIndex(of: ":"), Int(inner[..<colon]) != nil else { return nil }
            return String(inner[inner.index(after: colon)...])
        }
    }

    /// `node 0: slabs: 32, objs: 512, free: 64`.
    public struct SlubNode: Hashable, Sendable {
        /// The node.
        public var node: Int
        /// The number of slabs.
        public var slabs: Int
        /// The number of objects that they hold.
        public var objects: Int
        /// The number of free objects.
        public var free: Int
    }

    /// A row of the task table. Figures are pages unless noted otherwise.
    public struct TaskUsage: Hashable, Sendable {
        /// The task's name.
        public var name: String
        /// The process ID.
        public var pid: Int
        /// The figures by column title: `uid`, `tgid`, `total_vm`, `rss`, `rss_anon`, `pgtables_bytes` (bytes),
        /// `nr_ptes`, `swapents`, `oom_score_adj`, `cpu`, ...
        public var columns: [String: Int]

        /// Resident pages.
        public var residentPages: Int { columns["rss"] ?? 0 }
    }

    /// A row of `Memory allocations` (from 6.10 with CONFIG_MEM_ALLOC_PROFILING): the ten places in the source that
    /// hold the most memory.
    public struct AllocationSite: Hashable, Sendable {
        /// In bytes, printed with three digits.
        public var bytes: Int
        /// How many allocations are held.
        public var calls: Int
        /// The source file, such as `mm/huge_memory.c`.
        public var file: String
        /// The line of the source file.
        public var line: Int?
        /// The module that the code belongs to; nil: the kernel itself.
        public var module: String?
        /// The function.
        public var function: String
    }

    /// A row of `Unreclaimable slab info`.
    public struct SlabUsage: Hashable, Sendable {
        /// The name of the slab cache.
        public var name: String
        /// In use, in KiB.
        public var used: Int
        /// In all, in KiB.
        public var total: Int
    }

    /// All tasks with the same name.
    public struct ProcessSum: Hashable, Sendable {
        /// The name.
        public var name: String
        /// How many tasks.
        public var count: Int
        /// Their resident pages in all.
        public var residentPages: Int
    }

    /// The task table added up by name, largest first.
    public var processes: [ProcessSum] {
        var sums: [String: ProcessSum] = [:]
        for task in tasks {
            sums[task.name, default: ProcessSum(name: task.name, count: 0, residentPages: 0)].count += 1
            let (pages, overflows) = (sums[task.name]?.residentPages ?? 0).addingReportingOverflow(task.residentPages)
            sums[task.name]?.residentPages = overflows ? .max : pages
        }
        return sums.values.sorted { ($1.residentPages, $0.name) < ($0.residentPages, $1.name) }
    }
}
