/// Why a report is not about a refusal by the page allocator.
public enum NoRefusal: Hashable, Sendable {
    /// The report was requested.
    case reportAskedFor
    /// A memory cgroup refused the charge.
    case memoryCgroup
    /// SysRq f.
    case killAskedFor
    /// A page fault reported that it got no memory (`pagefault_out_of_memory`), which is not a request itself.
    case pageFault
    /// The allocator warned of a `__GFP_NOFAIL` request that it cannot guarantee.
    case nofailBeyondPromise
    /// The allocator warned, in this function, of a page freed wrongly.
    case wrongFree(function: String)
    /// vmalloc refused a size greater than the machine's memory.
    case vmallocAboveMemory
    /// vmalloc found no room in its address space.
    case vmallocWithoutRoom
    /// vmalloc refused a size for one of these reasons: the report does not say how much memory there is.
    case vmallocOfSize
    /// vmalloc was asked for 0 bytes.
    case vmallocOfNothing
    /// A CMA area did not have that many consecutive pages.
    case cmaArea
    /// Fewer huge pages than wanted could be allocated.
    case hugePagesSetAside
}

/// Why no machine can be rebuilt from a report.
public enum NotRebuilt: Hashable, Sendable {
    case requestNotNamed
    /// The lines that say what failed are missing.
    case headMissing
    case noZones
    /// The figures do not make a machine, for the reason that the machine gives.
    case impossible(String)
}
