import SourceText

/// What an operation of a recording is called.
enum OperationVerb: String, JSONNames {
    case alloc, xalloc, free, xfree, split, freesub, bulk, drain, dump, task
    case reclaimActive = "reclaim_active"

    static let table = JSONNameTable(allCases.map(\.rawValue))
}

/// The members of an operation that are read.
enum OperationKey: String, JSONNames {
    case op, id, cpu, gfp, order, nid, pfn, node, zone, result, nodemask, pfns, state, flags, on
    case count = "n"
    case allocFlags = "alloc_flags"
    case events = "ev"

    static let table = JSONNameTable(allCases.map(\.rawValue))
}

/// What an event is called.
enum EventName: String, JSONNames {
    case extfrag, attempt, alloc, free
    case zoneLocked = "zone_locked"
    case pcpuDrain = "pcpu_drain"
    case wakeKswapd = "wake_kswapd"

    static let table = JSONNameTable(allCases.map(\.rawValue))
}

/// Finds the names of an enumeration.
struct NameFinder<Names: JSONNames> {
    private let table = Names.table
    private let all = Array(Names.allCases)

    subscript(name: JSONName) -> Names? { table.position(of: name).map { all[$0] } }
}
