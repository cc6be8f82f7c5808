import CNuma
import Topology

/// The system's libnuma, for the running machine.
public struct LibNUMA: NUMALibrary {
    public init() {}

    public var isAvailable: Bool { numa_available() >= 0 }

    public var nodes: [NodeID] {
        let last = numa_max_node()
        guard last >= 0 else { return [] }
        return (0...min(Int(last), NodeID.limit - 1)).filter { numazones_node_exists(UInt32($0)) != 0 }
            .map { NodeID($0) }
    }

    public func cpus(of node: NodeID) -> [CPUID]? {
        guard let mask = numa_allocate_cpumask() else { return nil }
        defer { numa_free_cpumask(mask) }
        guard numa_node_to_cpus(Int32(node.rawValue), mask) == 0 else { return nil }
        return (0..<mask.pointee.size).filter { numa_bitmask_isbitset(mask, UInt32($0)) != 0 }.map { CPUID($0) }
    }

    public func size(of node: NodeID) -> Int? {
        let size = numa_node_size64(Int32(node.rawValue), nil)
        return size < 0 ? nil : Int(size)
    }

    public func distance(from: NodeID, to: NodeID) -> UInt8? {
        let distance = numa_distance(Int32(from.rawValue), Int32(to.rawValue))
        return distance > 0 ? UInt8(exactly: distance) : nil
    }
}
