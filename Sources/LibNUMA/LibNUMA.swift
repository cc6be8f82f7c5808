import CNuma
import OperatingSystem
import Topology

/// The system's libnuma, which describes the running machine.
public struct LibNUMA: NUMALibrary {
    /// The functions of libnuma, loaded once.
    private static let library = Result { () throws(MissingLibrary) in
        try LoadedLibrary(.numa, numazones_numa(), numazones_numa_find)
    }

    /// The library, which is loaded at its first use.
    public init() {}

    private var functions: numazones_numa? { try? Self.library.get().functions }

    /// Whether libnuma is installed and works on this machine.
    public var isAvailable: Bool { functions.map { $0.numa_available() >= 0 } ?? false }

    /// Why it cannot be used; nil: it can.
    public var absence: String? {
        switch Self.library {
        case .success: nil
        case .failure(let missing): "\(missing)"
        }
    }

    /// The nodes in ascending order.
    public var nodes: [NodeID] {
        guard let numa = functions, let known = numa.numa_nodes_ptr.pointee else { return [] }
        let last = numa.numa_max_node()
        guard last >= 0 else { return [] }
        // Including nodes without memory.
        return (0...min(Int(last), NodeID.limit - 1)).filter { numa.numa_bitmask_isbitset(known, UInt32($0)) != 0 }
            .map { NodeID($0) }
    }

    /// The CPUs of a node; nil: libnuma does not say.
    public func cpus(of node: NodeID) -> [CPUID]? {
        guard let numa = functions, let mask = numa.numa_allocate_cpumask() else { return nil }
        defer { numa.numa_bitmask_free(mask) }
        guard numa.numa_node_to_cpus(Int32(node.rawValue), mask) == 0 else { return nil }
        return (0..<mask.pointee.size).filter { numa.numa_bitmask_isbitset(mask, UInt32($0)) != 0 }.map { CPUID($0) }
    }

    /// The memory of a node, in bytes; nil: libnuma does not say.
    public func size(of node: NodeID) -> Int? {
        guard let size = functions?.numa_node_size64(Int32(node.rawValue), nil) else { return nil }
        return size < 0 ? nil : Int(size)
    }

    /// The distance between two nodes; nil: libnuma does not say.
    public func distance(from: NodeID, to: NodeID) -> UInt8? {
        guard let distance = functions?.numa_distance(Int32(from.rawValue), Int32(to.rawValue)) else { return nil }
        return distance > 0 ? UInt8(exactly: distance) : nil
    }
}
