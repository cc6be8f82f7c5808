import CHWLoc
import Foundation

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
        self = try Self.load { topology in
            // hwloc wants the text with the zero that ends it.
            var text = xml.map { CChar(bitPattern: $0) }
            if text.last != 0 { text.append(0) }
            return hwloc_topology_set_xmlbuffer(topology, text, Int32(text.count)) == 0
        }
    }

    /// Reads a synthetic description, as in `numa:2(memory=64GB) core:8 pu:2`.
    ///
    /// - Throws: ``HardwareTopologyError`` for text that hwloc does not take.
    public init(synthetic: String) throws(HardwareTopologyError) {
        self = try Self.load { hwloc_topology_set_synthetic($0, synthetic) == 0 }
    }

    private static func load(_ set: (hwloc_topology_t) -> Bool) throws(HardwareTopologyError) -> Self {
        // hwloc says on standard error what it finds odd in a description; the caller says it in its own words.
        setenv("HWLOC_HIDE_ERRORS", "2", 0)
        var handle: hwloc_topology_t?
        guard hwloc_topology_init(&handle) == 0, let topology = handle else {
            throw .notUnderstood("hwloc has no memory")
        }
        defer { hwloc_topology_destroy(topology) }
        guard set(topology) else { throw .notUnderstood("hwloc does not understand it") }
        hwloc_topology_set_flags(topology, UInt(HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED.rawValue))
        guard hwloc_topology_load(topology) == 0 else { throw .notUnderstood("hwloc does not understand it") }
        return Self(topology)
    }

    private init(_ topology: hwloc_topology_t) {
        let count = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_NUMANODE)
        for index in 0..<max(count, 0) {
            guard let object = hwloc_get_obj_by_type(topology, HWLOC_OBJ_NUMANODE, UInt32(index)) else { continue }
            if let memory = object.pointee.attr?.pointee.numanode {
                for type in 0..<Int(memory.page_types_len) {
                    let size = memory.page_types[type].size
                    if size > 0 { pageSize = min(pageSize ?? size, size) }
                }
            }
            let number = object.pointee.os_index == UInt32.max ? UInt32(index) : object.pointee.os_index
            nodes.append(
                Node(
                    number: Int(number), processors: Self.numbers(object.pointee.cpuset),
                    memory: object.pointee.attr.map { $0.pointee.numanode.local_memory } ?? 0,
                    kind: object.pointee.subtype.map { String(cString: $0) },
                    bandwidth: Self.attribute(topology, object, isLatency: false),
                    latency: Self.attribute(topology, object, isLatency: true),
                    tier: Self.infos(of: object)["MemoryTier"].flatMap { Int($0) }))
        }
        nodes.sort { $0.number < $1.number }
        if let root = hwloc_get_obj_by_depth(topology, 0, 0) {
            infos = Self.infos(of: root)
        }
        readDistances(topology)
    }

    private static func infos(of object: hwloc_obj_t) -> [String: String] {
        var infos: [String: String] = [:]
        for index in 0..<Int(object.pointee.infos_count) {
            let info = object.pointee.infos[index]
            if let name = info.name, let value = info.value { infos[String(cString: name)] = String(cString: value) }
        }
        return infos
    }

    private static func attribute(_ topology: hwloc_topology_t, _ node: hwloc_obj_t, isLatency: Bool) -> UInt64? {
        let value = numazones_memory_attribute(topology, node, isLatency ? 1 : 0)
        return value > 0 ? value : nil
    }

    private static func numbers(_ set: hwloc_bitmap_t?) -> [Int] {
        guard let set, hwloc_bitmap_weight(set) >= 0 else { return [] }
        var numbers: [Int] = []
        var next = hwloc_bitmap_next(set, -1)
        while next >= 0, next < 1 << 16 {
            numbers.append(Int(next))
            next = hwloc_bitmap_next(set, next)
        }
        return numbers
    }

    private mutating func readDistances(_ topology: hwloc_topology_t) {
        var count: UInt32 = 4
        var found = [UnsafeMutablePointer<hwloc_distances_s>?](repeating: nil, count: 4)
        let kind = UInt(HWLOC_DISTANCES_KIND_MEANS_LATENCY.rawValue)
        guard hwloc_distances_get_by_type(topology, HWLOC_OBJ_NUMANODE, &count, &found, kind, 0) == 0 else { return }
        for entry in found.prefix(Int(min(count, 4))) {
            guard let entry else { continue }
            defer { hwloc_distances_release(topology, entry) }
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

/// Why a description is none of hwloc's.
public enum HardwareTopologyError: Error, Hashable, Sendable, CustomStringConvertible {
    case notUnderstood(String)

    public var description: String {
        switch self {
        case .notUnderstood(let reason): reason
        }
    }
}
