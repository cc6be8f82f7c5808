import BuddyEngine
import PageAllocator
import Testing
import Topology

/// The largest machine there can be. What building it costs is counted in instructions (`Benchmarks/start`) and written down
/// in `Documentation/Performance.md`: no test depends on the clock.
@Suite struct ScaleTests {
    @Test func `1,024 nodes of 64 GiB are built and asked`() throws {
        let pages = 1 << 24
        let ids = (0..<1024).map { NodeID($0) }
        let rows = (0..<1024).map { row in
            (0..<1024).map { column -> UInt8 in
                if row == column { return 10 }
                let steps = abs(row / 64 - column / 64)
                return UInt8(steps == 0 ? 12 : 30 + 2 * min(steps, 16 - steps))
            }
        }
        let topology = Topology(
            name: "1,024 nodes",
            nodes: ids.enumerated().map { index, id in
                Topology.Node(
                    id: id, cpus: [CPUID(UInt32(index))],
                    memory: [PageFrame(index * pages)..<PageFrame((index + 1) * pages)])
            },
            distances: DistanceMatrix(nodes: ids, rows: rows))
        var machine = try Machine(topology)
        #expect(machine.zonelist(of: 777).count == 1026)
        #expect(machine.zonelist(of: 777).first == ZoneReference(node: 777, kind: .normal))
        let frame = machine.allocate(AllocationRequest(.GFP_KERNEL, order: 3, cpu: CPUID(777)))
        let node = frame.flatMap { machine.zone(of: $0) }?.node
        #expect(node == 777)
    }

    /// Distances that all differ are a square themselves, and are written as such; a machine with two kinds of them is not.
    @Test func `a snapshot of 1,024 nodes does not grow with their square`() throws {
        let topology = Topology(
            name: "1,024 nodes",
            nodes: (0..<1024).map { node in
                Topology.Node(
                    id: NodeID(node), cpus: [CPUID(UInt32(node))],
                    memory: [PageFrame(node << 18)..<PageFrame((node + 1) << 18)])
            },
            distances: DistanceMatrix(nodes: (0..<1024).map { NodeID($0) }))
        let snapshot = try Machine(topology).snapshot()
        #expect(snapshot.zonelists.isEmpty)
        let bytes = snapshot.json.text(pretty: false).utf8.count
        #expect(bytes < 2_000_000)
    }
}
