import BuddyEngine
import GFP
import Testing
import Topology

@testable import PageAllocator

/// Rules of layout that kernels before the oldest profile, or between two, have.
@Suite struct OlderLayoutTests {
    private func machine(_ kernel: KernelVersion, _ sysctls: Sysctls = Sysctls(), sizes: [Int] = [8, 8, 8]) throws
        -> Machine
    {
        var start = 0
        let nodes = sizes.enumerated().map { id, gibibytes in
            defer { start += gibibytes << 18 }
            return Topology.Node(
                id: NodeID(id), cpus: [CPUID(id)], memory: [PageFrame(start)..<PageFrame(start + gibibytes << 18)])
        }
        return try Machine(Topology(kernel: kernel, nodes: nodes, sysctls: sysctls))
    }

    private func list(_ machine: borrowing Machine, _ node: NodeID, onlyOwn: Bool = false) -> [String] {
        machine.zonelist(of: node, onlyOwn: onlyOwn).map { "\($0.node) \($0.kind)" }
    }

    @Test func `before 4.14 the sysctl chooses the order of zonelists`() throws {
        let byNode = ["0 Normal", "0 DMA32", "0 DMA", "1 Normal", "2 Normal"]
        let byZone = ["0 Normal", "1 Normal", "2 Normal", "0 DMA32", "0 DMA"]
        func order(_ kernel: KernelVersion, _ word: String?) throws -> [String] {
            list(try machine(kernel, Sysctls(numaZonelistOrder: word)), 0)
        }
        #expect(try order(KernelVersion(4, 13), nil) == byNode)
        #expect(try order(KernelVersion(4, 13), "Zone") == byZone)
        #expect(try order(KernelVersion(4, 14), "Zone") == byNode)
        #expect(try order(KernelVersion(3, 10), "node") == byNode)
        // Node 0 has DMA32 to less than 70 %, and the machine to less than half: DMA zones are kept for last.
        #expect(try order(KernelVersion(3, 10), nil) == byZone)
    }

    @Test func `before 3.16 large DMA zones make lists go by node`() throws {
        // Node 0 has no Normal zone; then: DMA zones are more than half of all; then 80 % of a node.
        for sizes in [[2, 8, 8], [5, 1, 1], [5, 1, 4]] {
            let own = list(try machine(KernelVersion(3, 10), sizes: sizes), 0)
            #expect(own.first?.hasPrefix("0") == true && own.dropFirst().first?.hasPrefix("0") == true, "\(sizes)")
        }
    }

    @Test func `lists by zone leave a bound request its node's zones`() throws {
        var machine = try machine(KernelVersion(3, 10), Sysctls(numaZonelistOrder: "zone"))
        #expect(list(machine, 0, onlyOwn: true) == ["0 Normal", "0 DMA32", "0 DMA"])
        #expect(list(machine, 1, onlyOwn: true) == ["1 Normal"])
        // Without the bound, other nodes' Normal before the own DMA32.
        var nodes: [NodeID] = []
        while let frame = machine.allocate([.io, .fs], order: 10, node: 1) {
            guard let zone = machine.zone(of: frame) else { break }
            if nodes.last != zone.node { nodes.append(zone.node) }
            if zone.kind != .normal { break }
        }
        #expect(nodes == [1, 2, 0])
        // Bound, it comes from below the own zones' low mark instead.
        for node in [1, 0] as [NodeID] {
            let bound = machine.allocate([.io, .fs, .thisNode], order: 3, node: node)
            #expect(bound.flatMap { machine.zone(of: $0)?.node } == node)
        }
        try machine.checkInvariants()
    }

    @Test func `watermarks lie a quarter and half of the share above min before 4.6`() throws {
        let zones = [ZoneSizing.Zone(kind: .dma32, managed: 750_000), .init(kind: .normal, managed: 15_000_000)]
        func marks(_ kernel: KernelVersion) -> [WatermarkValues] {
            ZoneSizing.watermarks(
                of: zones, minFreeKbytes: 67_584, scaleFactor: 10, pageSize: 4096,
                rules: KernelProfile(nearest: kernel).sizing)
        }
        let old = marks(KernelVersion(4, 5))
        #expect(old.map(\.min) == [804, 16_091])
        #expect(old.map { $0.low - $0.min } == [201, 4022] && old.map { $0.high - $0.min } == [402, 8045])
        // A thousandth of the zone is more.
        #expect(marks(KernelVersion(4, 6)).map { $0.low - $0.min } == [750, 15_000])
    }

    @Test func `huge pages count Movable zones before 4.17`() throws {
        func minimum(_ kernel: KernelVersion) throws -> Int {
            var topology = Topology(
                kernel: kernel, nodes: [.init(id: 0, cpus: [0], memory: [0..<PageFrame(16 << 18)])],
                boot: BootParameters(movableCore: .bytes(4 << 30)))
            topology.sysctls.minFreeKbytes = nil
            return try Machine(topology).minFreeKbytes
        }
        #expect(try minimum(KernelVersion(4, 16)) == 4 * 11 * 512 * 4)
        #expect(try minimum(KernelVersion(4, 17)) == 3 * 11 * 512 * 4)
    }

    @Test func `before 2.6.38 there are no huge pages to keep blocks for`() throws {
        func minimum(_ kernel: KernelVersion) throws -> Int {
            try Machine(Topology(kernel: kernel, nodes: [.init(id: 0, cpus: [0], memory: [0..<PageFrame(8 << 18)])]))
                .minFreeKbytes
        }
        // The square root of 16 times low memory; then eleven pageblocks for each of three zones.
        #expect(try (11_500...11_585).contains(minimum(KernelVersion(2, 6, 37))))
        #expect(try minimum(KernelVersion(2, 6, 38)) == 3 * 11 * 512 * 4)
    }

    @Test func `before 2.6.35 a node without a Normal zone does not make lists go by node`() throws {
        let sizes = [2, 8, 8]
        let newer = list(try machine(KernelVersion(2, 6, 35), sizes: sizes), 1)
        #expect(newer == ["1 Normal", "1 DMA32", "2 Normal", "0 DMA32", "0 DMA"])
        let older = list(try machine(KernelVersion(2, 6, 34), sizes: sizes), 1)
        #expect(older == ["1 Normal", "2 Normal", "1 DMA32", "0 DMA32", "0 DMA"])
    }

    /// The example of "mm/page_alloc: use accumulated load when building node fallback list".
    @Test func `from 5.16 on the nodes of two far pairs take turns`() throws {
        let rows: [[UInt8]] = [[10, 12, 32, 32], [12, 10, 32, 32], [32, 32, 10, 12], [32, 32, 12, 10]]
        func order(_ kernel: KernelVersion) throws -> [[NodeID]] {
            let ids = (0..<4).map { NodeID($0) }
            let nodes = ids.enumerated().map { place, id in
                Topology.Node(
                    id: id, cpus: [CPUID(place)], memory: [PageFrame(place << 21)..<PageFrame((place + 1) << 21)])
            }
            let machine = try Machine(
                Topology(kernel: kernel, nodes: nodes, distances: DistanceMatrix(nodes: ids, rows: rows)))
            return ids.map { id in
                var order: [NodeID] = []
                for zone in machine.zonelist(of: id) where order.last != zone.node { order.append(zone.node) }
                return order
            }
        }
        #expect(try order(KernelVersion(5, 15)) == [[0, 1, 2, 3], [1, 0, 3, 2], [2, 3, 0, 1], [3, 2, 0, 1]])
        for kernel in [KernelVersion(5, 16), KernelVersion(5, 18), KernelVersion(6, 1)] {
            #expect(try order(kernel) == [[0, 1, 2, 3], [1, 0, 3, 2], [2, 3, 0, 1], [3, 2, 1, 0]], "\(kernel)")
        }
    }

    @Test func `equally far nodes share load by places left before 5.16`() {
        #expect(KernelProfile(nearest: KernelVersion(5, 15)).nodeLoading == .placesLeft)
        #expect(KernelProfile(nearest: KernelVersion(5, 16)).nodeLoading == .placesLeftAdded)
        #expect(KernelProfile(nearest: KernelVersion(5, 18)).nodeLoading == .placesLeftAdded)
        #expect(KernelProfile(nearest: KernelVersion(5, 19)).nodeLoading == .timesChosen)
        #expect(!KernelProfile(nearest: KernelVersion(6, 5)).sizing.movableIsLikeHighMem)
        #expect(KernelProfile(nearest: KernelVersion(6, 6)).sizing.movableIsLikeHighMem)
        #expect(KernelProfile(nearest: KernelVersion(4, 4)).nodeLoading == .placesLeft)
    }
}
