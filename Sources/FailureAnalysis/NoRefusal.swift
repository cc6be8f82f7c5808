/// Why a report is about no refusal by the page allocator.
public enum NoRefusal: Hashable, Sendable {
    /// The report was asked for.
    case reportAskedFor
    /// A memory cgroup refused the charge.
    case memoryCgroup
    /// SysRq f.
    case killAskedFor
    /// A page fault said that it got no memory (`pagefault_out_of_memory`), which is not a request itself.
    case pageFault
    /// The allocator warned of `__GFP_NOFAIL` with more than it promises.
    case nofailBeyondPromise
    /// The allocator warned of a page given back wrongly, in this function.
    case wrongFree(function: String)
    /// vmalloc refused a size above the machine's memory.
    case vmallocAboveMemory
    /// vmalloc found no room in its address space.
    case vmallocWithoutRoom
    /// vmalloc was asked for nothing.
    case vmallocOfNothing
    /// A CMA area could not give that many pages together.
    case cmaArea
    /// Fewer huge pages than wanted could be set aside.
    case hugePagesSetAside
}

/// Why no machine can be rebuilt from a report.
public enum NotRebuilt: Hashable, Sendable {
    case requestNotNamed
    /// The lines that say what failed are missing.
    case headMissing
    case noZones
    /// The figures make no machine: why, as the machine says it.
    case impossible(String)
}
