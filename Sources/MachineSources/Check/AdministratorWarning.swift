import BuddyEngine
import GFP
import PageAllocator
import Topology

/// Something that a machine can have and should not: typical mistakes of administrators and firmware.
public enum AdministratorWarning: Hashable, Sendable {
    /// All remote distances are equal on a machine with so many nodes that they cannot be.
    case flatDistances(nodes: Int, distance: UInt8)
    /// A zone's min mark is above its low mark, or low above high.
    case marksOutOfOrder(ZoneReference, WatermarkValues)
    /// A node has CPUs but no memory, and the nearest memory is far away.
    case noMemoryNear(NodeID, nearest: NodeID, distance: UInt8)
    /// `min_free_kbytes`, in KiB, is more than a tenth of the machine's managed memory.
    case largeMinFree(kibibytes: Int, managed: Int)

    /// On a machine with fewer nodes, all distances may well be equal.
    private static let fewestForDistances = 8
    /// Twice the distance to a node's own memory.
    private static let near: UInt8 = 20

    /// All warnings for a machine, in order of its nodes.
    static func all(of machine: SourcedMachine) -> [Self] {
        let snapshot = machine.snapshot
        return (machine.distancesAreAssumed ? [] : distances(of: snapshot.topology)) + marks(of: snapshot)
            + minFree(of: snapshot)
    }

    private static func distances(of topology: Topology) -> [Self] {
        var found: [Self] = []
        let matrix = topology.distances
        if topology.nodes.count >= fewestForDistances, matrix.nodes.count == topology.nodes.count,
            matrix == DistanceMatrix(nodes: matrix.nodes, local: matrix[0, 0], remote: matrix[0, 1])
        {
            found.append(.flatDistances(nodes: topology.nodes.count, distance: matrix[0, 1]))
        }
        let withMemory = topology.nodes.filter { !$0.memory.isEmpty }.map(\.id)
        for node in topology.nodes where node.memory.isEmpty && !node.cpus.isEmpty {
            let nearest = withMemory.compactMap { other in matrix.distance(from: node.id, to: other).map { (other, $0) }
            }
            .min { $0.1 < $1.1 }
            if let nearest, nearest.1 > near {
                found.append(.noMemoryNear(node.id, nearest: nearest.0, distance: nearest.1))
            }
        }
        return found
    }

    private static func marks(of snapshot: Snapshot) -> [Self] {
        snapshot.zones.compactMap { zone in
            guard let marks = zone.watermarks, marks.min > marks.low || marks.low > marks.high else { return nil }
            return .marksOutOfOrder(zone.span.reference, marks)
        }
    }

    private static func minFree(of snapshot: Snapshot) -> [Self] {
        let topology = snapshot.topology
        guard let minFree = topology.sysctls.minFreeKbytes else { return [] }
        let spans = snapshot.zones.isEmpty ? topology.zoneSpans() : snapshot.zones.map(\.span)
        let managed = spans.reduce(0) { $0 + $1.managed } * max(topology.pageSize / 1024, 1)
        return managed > 0 && minFree > managed / 10 ? [.largeMinFree(kibibytes: minFree, managed: managed)] : []
    }
}
