extension FailureReport {
    /// What the kill's lines say.
    public struct OutOfMemory: Hashable, Sendable {
        public var scoreAdjustment: Int?
        /// `CONSTRAINT_NONE`, `CONSTRAINT_CPUSET`, `CONSTRAINT_MEMORY_POLICY`, `CONSTRAINT_MEMCG` (5.0 and later).
        public var constraint: String?
        /// The cgroup whose limit was reached.
        public var memcg: String?
        /// The cgroup of the task chosen.
        public var taskMemcg: String?
        /// The task chosen, as the summary line names it.
        public var task: String?
        public var taskPID: Int?
        public var isGlobal: Bool?
        /// The usage lines of a memory cgroup (`memory: usage 49152kB, limit 49152kB, failcnt 21`).
        public var cgroupUsage: [CgroupUsage] = []
        /// `Memory cgroup stats` in bytes or events as printed, by name.
        public var cgroupStatistics: [String: Int] = [:]
        public var victims: [Victim] = []
        /// `Out of memory and no killable processes...`
        public var hasNoVictim = false
        /// Victims beyond the limit of the reader, not kept.
        public var otherVictims = 0
    }

    /// A process killed. Sizes are KiB; nil where the kernel did not print them.
    public struct Victim: Hashable, Sendable {
        public var line: Int
        public var pid: Int
        public var name: String
        /// `Memory cgroup out of memory: Killed process`.
        public var isByMemoryCgroup: Bool
        /// By the kernel's name: `total-vm`, `anon-rss`, `file-rss`, `shmem-rss`, `pgtables`.
        public var kibibytes: [String: Int] = [:]
        public var uid: Int?
        public var scoreAdjustment: Int?
    }

    public struct CgroupUsage: Hashable, Sendable {
        /// `memory`, `memory+swap`, `swap`, `kmem`.
        public var resource: String
        /// KiB.
        public var usage: Int
        /// KiB; a value near 2^63 / 1024 means none.
        public var limit: Int
        public var failures: Int
    }

    /// `vmalloc error: size 419430400, exceeds total pages, mode:...`
    public struct VmallocFailure: Hashable, Sendable {
        /// Bytes. Where pages ran out, 6.x prints what it had got, not what was asked.
        public var size: Int?
        /// `exceeds total pages`, `vm_struct allocation failed`, `failed to allocate pages`, ...
        public var reason: String
        public var pageOrder: Int?
    }

    /// `cma: cma_alloc: reserved: alloc failed, req-size: 256 pages, ret: -12`.
    public struct CMAFailure: Hashable, Sendable {
        /// The area's name; nil where the kernel does not print it.
        public var area: String?
        public var pages: Int
        /// The error number: -12 no run of pages that the area's users have left, -16 pages in one could not be moved,
        /// -4 a signal came; nil: not printed.
        public var result: Int?
        /// The most pages together that the area's users have left, pages; nil: not printed (CONFIG_CMA_DEBUG).
        public var largestRun: Int? = nil
        /// What they have left in all, pages.
        public var free: Int? = nil
        /// The area's size, pages.
        public var total: Int? = nil
    }

    /// `HugeTLB: allocating 4096 of page size 2.00 MiB failed.  Only allocated 1897 hugepages.`
    public struct HugePageShortage: Hashable, Sendable {
        public var wanted: Int
        public var got: Int?
        /// As printed: `2.00 MiB`.
        public var size: String
    }

    /// `SLUB: Unable to allocate memory on node -1, gfp=0x820(GFP_ATOMIC)` and its lines.
    public struct SlubFailure: Hashable, Sendable {
        public var line: Int
        /// -1: any node.
        public var node: Int?
        public var gfp: Mask?
        public var cache: String?
        /// Bytes.
        public var objectSize: Int?
        /// Bytes.
        public var bufferSize: Int?
        public var defaultOrder: Int?
        public var minimumOrder: Int?
        public var nodes: [SlubNode] = []
    }

    /// `node 0: slabs: 32, objs: 512, free: 64`.
    public struct SlubNode: Hashable, Sendable {
        public var node: Int
        public var slabs: Int
        public var objects: Int
        public var free: Int
    }

    /// A row of the task table. Figures are pages unless noted otherwise.
    public struct TaskUsage: Hashable, Sendable {
        public var name: String
        public var pid: Int
        /// By the column's title: `uid`, `tgid`, `total_vm`, `rss`, `rss_anon`, `pgtables_bytes` (bytes), `nr_ptes`,
        /// `swapents`, `oom_score_adj`, `cpu`, ...
        public var columns: [String: Int]

        /// Resident pages.
        public var residentPages: Int { columns["rss"] ?? 0 }
    }

    /// A row of `Memory allocations` (6.10 and later, with CONFIG_MEM_ALLOC_PROFILING): the ten places in the source that
    /// hold most.
    public struct AllocationSite: Hashable, Sendable {
        /// As printed with three digits.
        public var bytes: Int
        /// Allocations that are held.
        public var calls: Int
        /// `mm/huge_memory.c`.
        public var file: String
        public var line: Int?
        /// The module that the code is of; nil: the kernel itself.
        public var module: String?
        public var function: String
    }

    /// A row of `Unreclaimable slab info`, in KiB.
    public struct SlabUsage: Hashable, Sendable {
        public var name: String
        public var used: Int
        public var total: Int
    }

    /// The tasks of one name together.
    public struct ProcessSum: Hashable, Sendable {
        public var name: String
        public var count: Int
        public var residentPages: Int
    }

    /// The task table summed up by name, largest first.
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
