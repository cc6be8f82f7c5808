import SourceText

/// The names of a recording's operations.
enum OperationVerb: String, CaseIterable {
    case alloc, xalloc, free, xfree, split, freesub, bulk, drain, dump, task
    case reclaimActive = "reclaim_active"
}

/// The members of an operation that are read.
enum OperationKey: String, CaseIterable {
    case op, id, cpu, gfp, order, nid, pfn, node, zone, result, nodemask, pfns, state, flags, on
    case count = "n"
    case allocFlags = "alloc_flags"
    case events = "ev"
}

/// The names of events.
enum EventName: String, CaseIterable {
    case extfrag, attempt, alloc, free
    case zoneLocked = "zone_locked"
    case pcpuDrain = "pcpu_drain"
    case wakeKswapd = "wake_kswapd"
}

/// Finds the names of an enumeration.
struct NameFinder<Names: RawRepresentable & CaseIterable> where Names.RawValue == String {
    private let table = JSONNameTable(Names.allCases.map(\.rawValue))
    private let all = Array(Names.allCases)

    subscript(name: JSONName) -> Names? { table.position(of: name).map { all[$0] } }
}
