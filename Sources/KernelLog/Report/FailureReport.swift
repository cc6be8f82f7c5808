import BuddyEngine
import GFP

/// A kernel log's report of memory running out: the request, and the state of memory at that time.
///
/// A plain value: what the log says, without interpretation. What it does not say is nil or empty and named in
/// ``missing``; doubts are stated in ``notes``. Amounts are as printed: in KiB for zones and nodes, in pages for
/// totals.
public struct FailureReport: Hashable, Sendable {
    /// What the report is about.
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        /// `page allocation failure: order:N, mode:...`
        case pageAllocationFailure = "page-allocation-failure"
        /// `invoked oom-killer`, or a kill whose report was not printed.
        case oomKill = "oom-kill"
        /// A kill for a memory cgroup: because of its limit, not of the page allocator.
        case memoryCgroupOOM = "memory-cgroup-oom"
        /// `vmalloc error`, `vmalloc: allocation failure`, `vmap allocation for size N failed`.
        case vmallocFailure = "vmalloc-failure"
        /// `SLUB: Unable to allocate memory` without a page allocation failure before it.
        case slubFailure = "slub-failure"
        /// `WARNING: ... mm/page_alloc.c`: a request that the allocator refuses outright, such as one of too large an
        /// order.
        case allocatorWarning = "allocator-warning"
        /// `sysrq: Show Memory`: printed on request; nothing failed.
        case sysrqShowMemory = "sysrq-show-memory"
        /// `Mem-Info:`, or part of it, without a line that says why it was printed.
        case memoryInfo = "memory-info"
        /// `page allocation stalls for N ms` (4.9 to 4.14), `page allocation stall for N secs` (7.x): still trying.
        case allocationStall = "page-allocation-stall"
        /// `nommu: Allocation of length N from process`: a machine without an MMU.
        case noMMUFailure = "nommu-failure"
        /// `cma: cma_alloc: ... alloc failed`.
        case cmaFailure = "cma-failure"
        /// `HugeTLB: allocating N of page size S failed`.
        case hugePageShortage = "hugetlb-shortage"
    }

    /// A part of a report that may be needed and is missing.
    public enum Section: String, CaseIterable, Hashable, Sendable {
        case kernelRelease = "kernel release"
        case process
        case gfpMask = "GFP mask"
        case gfpNames = "GFP mask in words"
        case order
        case callTrace = "call trace"
        case counters = "global counters"
        case nodes = "node lines"
        case zones = "zone lines"
        case lowmemReserve = "lowmem_reserve"
        case managedPages = "managed pages"
        case freeBlocks = "lines of free blocks"
        case migratetypeLetters = "migratetype letters"
        case perCPUPages = "per-CPU pages"
        case swap
        case totalPages = "pages RAM"
        case constraint = "OOM constraint"
        case victim = "killed process"
        case tasks = "table of tasks"
    }

    /// The task that made the request.
    public struct Process: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// Its process ID.
        public var pid: Int?
        /// The CPU that it ran on.
        public var cpu: Int?
    }

    /// The request's mask as printed. Each kernel version numbers flags differently, so names are preferred.
    public struct Mask: Hashable, Sendable {
        /// Nil if the log hides or cuts it.
        public var number: UInt64?
        /// `GFP_KERNEL|__GFP_ZERO`; nil before 4.6, which printed only the number.
        public var names: String?
    }

    /// A function of the call trace.
    public struct Frame: Hashable, Sendable {
        /// The name as printed, with a compiler's suffix: `__alloc_pages_slowpath.constprop.0`.
        public var function: String
        /// False for frames that the kernel marks with `?`: they were on the stack, but may not belong to the call.
        public var isReliable: Bool
        /// The module that the function belongs to; nil: the kernel itself.
        public var module: String? = nil
        /// Whether the address lies within the function, behind its first instruction. The address of a function itself,
        /// which is data, is printed as its beginning, or as the end of the one before it (`wait_woken+0x60/0x60`).
        public var isInside = true
    }

    /// The line of the log, from 1, where the report begins.
    public var line: Int
    /// The number of its last line in order of time: smaller than ``line`` if the log has its newest line first.
    public var lastLine: Int
    /// The kernel's time stamp of the first line, as printed; nil if there is none.
    public var timestamp: String?
    /// The kernel's time stamp of the first zone's line: when the state was read; nil if there is none.
    public var stateTimestamp: String?
    /// What the report is about.
    public var kind: Kind
    /// The first line without prefixes, with folded parts joined.
    public var header: String
    /// The task that made the request.
    public var process: Process?
    /// `6.1.0-28-amd64`, from the report itself or from `Linux version` earlier in the log.
    public var kernelRelease: String?
    /// The taint letters as printed; nil if not tainted, or not printed.
    public var taint: String?
    /// `Hardware name:`.
    public var hardware: String?
    /// `Workqueue:`.
    public var workqueue: String?
    /// The order of the request; -1 for a kill without a request (SysRq f).
    public var order: Int?
    /// The request's mask.
    public var gfp: Mask?
    /// The node mask: `(null)`, `0-1`, ...; nil if not printed.
    public var nodemask: String?
    /// The cpuset's name.
    public var cpuset: String?
    /// The cpuset's nodes: `0-1`; `0-1023` is meaningless (an interrupt).
    public var memsAllowed: String?
    /// The functions called, innermost first.
    public var callTrace: [Frame] = []
    /// The frames of ``callTrace`` that the kernel is certain of; of a trace of guesses, all.
    public var probableCallTrace: [Frame] {
        let certain = callTrace.filter(\.isReliable)
        return certain.isEmpty ? callTrace : certain
    }
    /// For an ``Kind/allocatorWarning``: the processor's registers by name, if printed.
    public var registers: [String: UInt64] = [:]
    /// For a ``Kind/vmallocFailure``: the figures.
    public var vmalloc: VmallocFailure?
    /// SLUB's failures that belong to the report.
    public var slub: [SlubFailure] = []
    /// For an ``Kind/allocationStall``: how long the request had been trying, in milliseconds.
    public var stallMilliseconds: Int?
    /// For a ``Kind/noMMUFailure``: how many bytes were asked for.
    public var length: Int?
    /// For a ``Kind/cmaFailure``: the figures.
    public var cma: CMAFailure?
    /// For a ``Kind/hugePageShortage``: the figures.
    public var hugePageShortage: HugePageShortage?
    /// Lines of two reports are mixed: the same zone was reported twice, with different figures.
    public var isMixed = false
    /// For a kill: what its lines say.
    public var oom: OutOfMemory?
    /// The state of memory.
    public var memory: MemoryInfo?
    /// The table of tasks, in order of the log. Figures are in pages.
    public var tasks: [TaskUsage] = []
    /// `Unreclaimable slab info`.
    public var slabs: [SlabUsage] = []
    /// `Memory allocations`, in order of the log: the largest first.
    public var allocations: [AllocationSite] = []
    /// `Kernel panic - not syncing: ...`, if one followed.
    public var panic: String?
    /// The parts that are missing.
    public var missing: [Section] = []
    /// The call trace has 32-bit addresses.
    var hasShortAddresses = false
    /// The call trace has the form of 32-bit ARM or powerpc.
    var hasForeignFrames = false
    /// What was doubtful, omitted or assumed in reading: one sentence each.
    public var notes: [String] = []

    /// The release as a version; nil if unknown.
    public var kernel: KernelVersion? { kernelRelease.flatMap { KernelVersion($0) } }

    init(line: Int, kind: Kind, header: String) {
        self.line = line
        lastLine = line
        self.kind = kind
        self.header = header
    }
}
