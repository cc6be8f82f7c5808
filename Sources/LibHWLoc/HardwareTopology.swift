import CHWLoc
import OperatingSystem

/// What hwloc makes of one of its own descriptions: NUMA nodes with their processing units, memory and distances.
public struct HardwareTopology: Hashable, Sendable {
    /// In ascending order of number.
    public var nodes: [Node] = []
    /// Latencies as the operating system gives them (10 is local), row by row in order of ``nodes``; nil: there are none.
    public var distances: [[UInt64]]?
    /// Key and value of the description's root: `Architecture`, `OSRelease`, `HostName`, ...
    public var infos: [String: String] = [:]
    /// The smallest page of any node, in bytes; nil: not said.
    public var pageSize: UInt64?

    public struct Node: Hashable, Sendable {
        /// The operating system's.
        public var number: Int
        /// The operating system's numbers of its processing units, ascending. Nodes that share processors, as memory of
        /// another kind does, name them each.
        public var processors: [Int]
        /// Bytes.
        public var memory: UInt64
        /// "HBM", "DRAM", "SPM", "CXL-DRAM", ...; nil: not said.
        public var kind: String?
        /// MiB/s as its nearest processors see it; nil: not said.
        public var bandwidth: UInt64?
        /// Nanoseconds as its nearest processors see it; nil: not said.
        public var latency: UInt64?
        /// Where it stands among kinds of memory, 0 being the best; nil: not said.
        public var tier: Int?
    }

    /// Reads an XML file of hwloc 1.x or 2.x.
    ///
    /// - Throws: ``HardwareTopologyError`` for text that hwloc does not take.
    public init(xml: [UInt8]) throws(HardwareTopologyError) {
        guard xml.count < Int32.max else { throw .notUnderstood("it is larger than 2 GiB") }
        self = try Self.load { hwloc, topology in
            // hwloc wants the text with the zero that ends it.
            var text = xml.map { CChar(bitPattern: $0) }
            if text.last != 0 { text.append(0) }
            return hwloc.hwloc_topology_set_xmlbuffer(topology, text, Int32(text.count)) == 0
        }
    }

    /// Reads a synthetic description, as in `numa:2(memory=64GB) core:8 pu:2`.
    ///
    /// - Throws: ``HardwareTopologyError`` for text that hwloc does not take.
    public init(synthetic: String) throws(HardwareTopologyError) {
        self = try Self.load { hwloc, topology in hwloc.hwloc_topology_set_synthetic(topology, synthetic) == 0 }
    }

    /// Opened once.
    private static let library = Result { () throws(MissingLibrary) in
        try LoadedLibrary(.hwloc, numazones_hwloc(), numazones_hwloc_find)
    }

    private static func load(
        _ set: (numazones_hwloc, hwloc_topology_t) -> Bool
    ) throws(HardwareTopologyError) -> Self {
        let hwloc: numazones_hwloc
        do throws(MissingLibrary) { hwloc = try library.get().functions } catch { throw .missing(error) }
        // hwloc says on standard error what it finds odd in a description; the caller says it in its own words.
        ThisProcess.setDefault("HWLOC_HIDE_ERRORS", to: "2")
        var handle: hwloc_topology_t?
        guard hwloc.hwloc_topology_init(&handle) == 0, let topology = handle else {
            throw .notUnderstood("hwloc has no memory")
        }
        defer { hwloc.hwloc_topology_destroy(topology) }
        guard set(hwloc, topology) else { throw .notUnderstood("hwloc does not understand it") }
        _ = hwloc.hwloc_topology_set_flags(topology, UInt(HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED.rawValue))
        guard hwloc.hwloc_topology_load(topology) == 0 else { throw .notUnderstood("hwloc does not understand it") }
        return Self(hwloc, topology)
    }

    private init(_ hwloc: numazones_hwloc, _ topology: hwloc_topology_t) {
        let depth = hwloc.hwloc_get_type_depth(topology, HWLOC_OBJ_NUMANODE)
        for index in 0..<hwloc.hwloc_get_nbobjs_by_depth(topology, depth) {
            guard let object = hwloc.hwloc_get_obj_by_depth(topology, depth, index) else { continue }
            if let memory = object.pointee.attr?.pointee.numanode {
                for type in 0..<Int(memory.page_types_len) {
                    let size = memory.page_types[type].size
                    if size > 0 { pageSize = min(pageSize ?? size, size) }
                }
            }
            let number = object.pointee.os_index == UInt32.max ? index : object.pointee.os_index
            nodes.append(
                Node(
                    number: Int(number), processors: Self.numbers(hwloc, object.pointee.cpuset),
                    memory: object.pointee.attr.map { $0.pointee.numanode.local_memory } ?? 0,
                    kind: object.pointee.subtype.map { String(cString: $0) },
                    bandwidth: Self.attribute(hwloc, topology, object, isLatency: false),
                    latency: Self.attribute(hwloc, topology, object, isLatency: true),
                    tier: Self.infos(of: object)["MemoryTier"].flatMap { Int($0) }))
        }
        nodes.sort { $0.number < $1.number }
        if let root = hwloc.hwloc_get_obj_by_depth(topology, 0, 0) {
            infos = Self.infos(of: root)
        }
        readDistances(hwloc, topology)
    }

    private static func infos(of object: hwloc_obj_t) -> [String: String] {
        var infos: [String: String] = [:]
        for index in 0..<Int(object.pointee.infos_count) {
            let info = object.pointee.infos[index]
            if let name = info.name, let value = info.value { infos[String(cString: name)] = String(cString: value) }
        }
        return infos
    }

    private static func attribute(
        _ hwloc: numazones_hwloc, _ topology: hwloc_topology_t, _ node: hwloc_obj_t, isLatency: Bool
    ) -> UInt64? {
        var hwloc = hwloc
        let value = numazones_memory_attribute(&hwloc, topology, node, isLatency ? 1 : 0)
        return value > 0 ? value : nil
    }

    private static func numbers(_ hwloc: numazones_hwloc, _ set: hwloc_bitmap_t?) -> [Int] {
        guard let set, hwloc.hwloc_bitmap_weight(set) >= 0 else { return [] }
        var numbers: [Int] = []
        var next = hwloc.hwloc_bitmap_next(set, -1)
        while next >= 0, next < 1 << 16 {
            numbers.append(Int(next))
            next = hwloc.hwloc_bitmap_next(set, next)
        }
        return numbers
    }

    private mutating func readDistances(_ hwloc: numazones_hwloc, _ topology: hwloc_topology_t) {
        var count: UInt32 = 4
        var found = [UnsafeMutablePointer<hwloc_distances_s>?](repeating: nil, count: 4)
        let kind = UInt(HWLOC_DISTANCES_KIND_MEANS_LATENCY.rawValue)
        guard hwloc.hwloc_distances_get_by_type(topology, HWLOC_OBJ_NUMANODE, &count, &found, kind, 0) == 0 else {
            return
        }
        for entry in found.prefix(Int(min(count, 4))) {
            guard let entry else { continue }
            defer { hwloc.hwloc_distances_release(topology, entry) }
            let size = Int(entry.pointee.nbobjs)
            guard distances == nil, size == nodes.count else { continue }
            let order = (0..<size).map { index in
                entry.pointee.objs[index].flatMap { object in
                    nodes.firstIndex { $0.number == Int(object.pointee.os_index) }
                } ?? index
            }
            var rows = [[UInt64]](repeating: [UInt64](repeating: 0, count: size), count: size)
            for row in 0..<size {
                for column in 0..<size { rows[order[row]][order[column]] = entry.pointee.values[row * size + column] }
            }
            distances = rows
        }
    }
}

/// Why there is no topology.
public enum HardwareTopologyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The description is none of hwloc's.
    case notUnderstood(String)
    /// hwloc itself is not on this machine; the reason says what to install.
    case missingLibrary(String)

    static func missing(_ library: MissingLibrary) -> Self { .missingLibrary("\(library)") }

    public var description: String {
        switch self {
        case .notUnderstood(let reason): reason
        case .missingLibrary(let reason): "only hwloc can read it, and \(reason)"
        }
    }
}
