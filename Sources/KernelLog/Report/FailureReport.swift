import BuddyEngine
import GFP

/// A kernel log's report of memory running out: what was asked, and the memory as it was then.
///
/// A plain value: what the log says, without interpretation. Whatever it does not say is nil or empty and named in
/// ``missing``; what was read but is doubtful is said in ``notes``. Figures are as printed: KiB for a zone's and a
/// node's, pages for the totals.
public struct FailureReport: Hashable, Sendable {
    /// What the report is about.
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        /// `page allocation failure: order:N, mode:...`
        case pageAllocationFailure = "page-allocation-failure"
        /// `invoked oom-killer`, or a kill whose report was not printed.
        case oomKill = "oom-kill"
        /// A kill within a memory cgroup: its limit, not the page allocator.
        case memoryCgroupOOM = "memory-cgroup-oom"
        /// `vmalloc error`, `vmalloc: allocation failure`, `vmap allocation for size N failed`.
        case vmallocFailure = "vmalloc-failure"
        /// `SLUB: Unable to allocate memory` without a page allocation failure before it.
        case slubFailure = "slub-failure"
        /// `WARNING: ... mm/page_alloc.c`: a request that the allocator refuses to consider, such as too large an order.
        case allocatorWarning = "allocator-warning"
        /// `sysrq: Show Memory`: asked for by a person; nothing failed.
        case sysrqShowMemory = "sysrq-show-memory"
        /// `Mem-Info:`, or what is left of it, without a line that says why it was printed.
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

    /// A part of a report that a reader may need and this one does not have.
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

    public struct Process: Hashable, Sendable {
        public var name: String
        public var pid: Int?
        /// The CPU it ran on.
        public var cpu: Int?
    }

    /// The request's mask as printed. Numbers mean different flags in each kernel version: prefer the names.
    public struct Mask: Hashable, Sendable {
        /// Nil where the log hides or cuts it.
        public var number: UInt64?
        /// `GFP_KERNEL|__GFP_ZERO`; nil before 4.6, which printed only the number.
        public var names: String?
    }

    /// A function of the call trace.
    public struct Frame: Hashable, Sendable {
        /// As printed, with a compiler's suffix: `__alloc_pages_slowpath.constprop.0`.
        public var function: String
        /// The kernel marks frames with `?` that it found on the stack but that may not belong to the call.
        public var isReliable: Bool
        /// The module that the function is of; nil: the kernel itself.
        public var module: String? = nil
    }

    /// The line of the log, from 1, where the report begins.
    public var line: Int
    /// The last line that belongs to it, in the order of time: before ``line`` where the log has its newest line first.
    public var lastLine: Int
    /// The kernel's time stamp of the first line, as printed; nil if there is none.
    public var timestamp: String?
    public var kind: Kind
    /// The first line without prefixes, folded parts joined.
    public var header: String
    public var process: Process?
    /// `6.1.0-28-amd64`, from the report itself or from `Linux version` earlier in the log.
    public var kernelRelease: String?
    /// The taint letters as printed; nil if not tainted or not printed.
    public var taint: String?
    public var hardware: String?
    public var workqueue: String?
    /// -1: a kill without a request (SysRq f).
    public var order: Int?
    public var gfp: Mask?
    /// `(null)`, `0-1`, ...; nil if not printed.
    public var nodemask: String?
    public var cpuset: String?
    /// The cpuset's nodes: `0-1`; `0-1023` says nothing (an interrupt).
    public var memsAllowed: String?
    public var callTrace: [Frame] = []
    /// Of an ``Kind/allocatorWarning``: the processor's registers, where printed, by name.
    public var registers: [String: UInt64] = [:]
    public var vmalloc: VmallocFailure?
    public var slub: [SlubFailure] = []
    /// Of an ``Kind/allocationStall``: for how long it had been trying, in milliseconds.
    public var stallMilliseconds: Int?
    /// Of a ``Kind/noMMUFailure``: bytes.
    public var length: Int?
    public var cma: CMAFailure?
    public var hugePageShortage: HugePageShortage?
    /// Lines of two reports were mixed: the same zone was reported twice, differently.
    public var isMixed = false
    public var oom: OutOfMemory?
    public var memory: MemoryInfo?
    /// The table of tasks, in order of the log. Figures are pages.
    public var tasks: [TaskUsage] = []
    /// `Unreclaimable slab info`.
    public var slabs: [SlabUsage] = []
    /// `Memory allocations`, in order of the log: the largest first.
    public var allocations: [AllocationSite] = []
    /// `Kernel panic - not syncing: ...`, where one followed.
    public var panic: String?
    public var missing: [Section] = []
    /// The call trace has addresses of 32 bits.
    var hasShortAddresses = false
    /// The call trace is in the form of 32-bit ARM or of powerpc.
    var hasForeignFrames = false
    /// What was doubtful, left out or assumed while reading: one sentence each.
    public var notes: [String] = []

    /// The release as a version; nil if it is not known.
    public var kernel: KernelVersion? { kernelRelease.flatMap { KernelVersion($0) } }

    init(line: Int, kind: Kind, header: String) {
        self.line = line
        lastLine = line
        self.kind = kind
        self.header = header
    }
}
