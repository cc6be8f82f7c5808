import BuddyEngine
import GFP
import PageAllocator
import SourceText
import TestSupport
import Testing
import Topology

/// A machine's whole state survives being written, read and restored.
@Suite struct SnapshotRoundTripTests {
    @Test(arguments: SampleMachine.all, [1, 7] as [UInt64])
    func `a restored machine answers as the one it was taken of`(sample: SampleMachine, seed: UInt64) throws {
        var machine = try Machine(sample.topology)
        let total = machine.freePages
        var load = RandomLoad(seed: seed)
        for round in 0..<4 {
            load.share = round % 2 == 0 ? 80 : 40
            _ = load.run(&machine, steps: 1500)
            try machine.checkInvariants()

            let snapshot = machine.snapshot()
            let text = snapshot.json.text(pretty: false)
            let (read, problems) = Snapshot.check(try JSONDocument(text: text, name: "snapshot"))
            #expect(problems.map(\.description) == [], "seed \(seed)")
            #expect(read == snapshot, "seed \(seed)")

            var restored = try Machine.restoring(try #require(read))
            #expect(restored.snapshot() == snapshot, "seed \(seed), round \(round)")
            var other = load
            let expected = load.run(&machine, steps: 1500)
            let actual = other.run(&restored, steps: 1500)
            let difference = zip(expected, actual).enumerated().first { $0.element.0 != $0.element.1 }
            #expect(difference == nil, "seed \(seed), round \(round): \(String(describing: difference))")
            #expect(restored.snapshot() == machine.snapshot(), "seed \(seed), round \(round)")
            try restored.checkInvariants()
        }
        load.freeAll(&machine)
        try machine.checkInvariants()
        #expect(machine.freePages == total, "seed \(seed)")
    }

    @Test func `a snapshot has those zonelists that were given and are not what distances come to`() throws {
        let topology = Topology(
            name: "three",
            nodes: (0..<3).map { node in
                Topology.Node(
                    id: NodeID(node), cpus: [CPUID(UInt32(node))],
                    memory: [PageFrame(1 << 20 + node << 18)..<PageFrame(1 << 20 + (node + 1) << 18)])
            },
            distances: DistanceMatrix(nodes: [0, 1, 2]))
        func zones(_ nodes: NodeID...) -> [ZoneReference] { nodes.map { ZoneReference(node: $0, kind: .normal) } }
        let usual: [NodeID: [ZoneReference]] = [0: zones(0, 1, 2), 1: zones(1, 2, 0), 2: zones(2, 0, 1)]
        for (node, list) in usual { #expect(try Machine(topology).zonelist(of: node) == list) }
        #expect(try Machine(topology, zonelists: usual).snapshot().zonelists.isEmpty)

        var given = usual
        given[1] = zones(1, 0, 2)
        let snapshot = try Machine(topology, zonelists: given).snapshot()
        #expect(snapshot.zonelists == [1: zones(1, 0, 2)])
        let restored = try Machine.restoring(snapshot)
        for (node, list) in given { #expect(restored.zonelist(of: node) == list) }
    }

    @Test(arguments: 0..<6 as Range<UInt64>)
    func `a damaged snapshot is refused or restored, never a trap`(seed: UInt64) throws {
        var machine = try Machine(SampleMachine.all[Int(seed) % SampleMachine.all.count].topology)
        var load = RandomLoad(seed: seed)
        _ = load.run(&machine, steps: 400)
        let bytes = Array(machine.snapshot().json.text(pretty: false).utf8)
        var random = load.generator
        var restoredCount = 0
        // Most damage is found: as many attempts as it takes to have one that is not, and some more.
        for attempt in 0..<600 where attempt < 60 || restoredCount == 0 {
            var source = SourceFile(name: "snapshot", bytes: bytes)
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                let index = Int.random(in: bytes.indices, using: &random)
                source.bytes[index] = Array("0123456789-,]}".utf8).randomElement(using: &random) ?? 0
            }
            guard let snapshot = Snapshot.check(source).snapshot else { continue }
            guard var restored = try? Machine.restoring(snapshot) else { continue }
            restoredCount += 1
            var other = RandomLoad(seed: seed)
            _ = other.run(&restored, steps: 200)
            other.freeAll(&restored)
        }
        #expect(restoredCount > 0, "\(random)")
    }
}
