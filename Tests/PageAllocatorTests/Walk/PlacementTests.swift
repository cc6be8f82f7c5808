import BuddyEngine
import GFP
import TestSupport
import Testing
import Topology

@testable import PageAllocator

/// A machine restored from counts has exactly these counts, and none of its blocks would have merged.
@Suite struct PlacementTests {
    @Test(arguments: 0..<40 as Range<UInt64>)
    func `counts drawn at random are placed exactly`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let start = UInt64.random(in: 0...5000, using: &random) + 1 << 20
        let pages = Int.random(in: 4096...40000, using: &random)
        let range = PageFrame(start)..<PageFrame(start + UInt64(pages))
        let topology = Topology(
            kernel: Bool.random(using: &random) ? KernelVersion(6, 1) : KernelVersion(6, 12),
            nodes: [.init(id: 0, cpus: [0], memory: [range])])
        // At most a third is free, so that there is room to keep blocks apart.
        var left = pages / 3
        var counts: [FreeCount] = []
        for order in 0...10 {
            let share = min(left, Int.random(in: 0...max(pages / 24, 1), using: &random)) >> order
            var byType: [Migratetype: Int] = [:]
            for type in [Migratetype.movable, .unmovable, .reclaimable] {
                byType[type] = Int.random(in: 0...share / 3, using: &random)
            }
            let total = byType.values.reduce(0, +)
            left -= total << order
            counts.append(FreeCount(total: total, byType: byType))
        }
        let span = ZoneSpan(
            node: 0, kind: .normal, start: range.lowerBound, spanned: pages, present: pages, managed: pages)
        let snapshot = Snapshot(topology: topology, zones: [ZoneSnapshot(span: span, free: .counts(counts))])
        let machine = try Machine.restoring(snapshot)
        try machine.checkInvariants()
        machine.withZone(0) { zone in
            for (order, count) in counts.enumerated() {
                #expect(zone.buddy.freeBlocks(Order(order)) == count.total, "\(random), order \(order)")
                for (type, blocks) in count.byType ?? [:] {
                    #expect(zone.buddy.freeBlocks(Order(order), type: type) == blocks, "\(random), \(order) \(type)")
                }
            }
        }
    }

    @Test func `nodes fall back by distance, ties go up from the own number and then to those chosen least`() {
        let ring: [[UInt8]] = [[10, 16, 22, 16], [16, 10, 16, 22], [22, 16, 10, 16], [16, 22, 16, 10]]
        let nodes: [NodeID] = [0, 1, 2, 3]
        let orders = NodeOrder(
            distances: DistanceMatrix(nodes: nodes, rows: ring), hasMemory: [true, true, true, true],
            loading: .timesChosen
        ).orders
        #expect(orders[0] == [0, 1, 3, 2])
        #expect(orders[1].first == 1 && orders[1].last == 3)
        for (own, order) in orders.enumerated() {
            #expect(order.sorted() == [0, 1, 2, 3])
            // Never farther before nearer by more than the one that a lower number costs.
            for (one, next) in zip(order, order.dropFirst()) { #expect(ring[own][one] <= ring[own][next] + 1) }
        }
        let skewed: [[UInt8]] = [[10, 40, 20], [20, 10, 40], [40, 20, 10]]
        let asymmetric = NodeOrder(
            distances: DistanceMatrix(nodes: [0, 1, 2], rows: skewed), hasMemory: [true, true, true],
            loading: .timesChosen
        ).orders
        #expect(asymmetric == [[0, 2, 1], [1, 0, 2], [2, 1, 0]])
        let memoryless = NodeOrder(
            distances: DistanceMatrix(nodes: [0, 1, 2], rows: skewed), hasMemory: [true, false, true],
            loading: .timesChosen
        ).orders
        #expect(memoryless == [[0, 2], [0, 2], [2, 0]])
    }

    @Test(arguments: KernelProfile.NodeLoading.allCases, 1...4 as ClosedRange<UInt64>)
    func `orders are those of choosing the best node left, one by one`(
        loading: KernelProfile.NodeLoading, seed: UInt64
    ) {
        var random = SeededGenerator(seed: seed)
        let count = Int.random(in: 2...40, using: &random)
        let farthest = UInt8.random(in: 11...40, using: &random)
        let rows = (0..<count).map { row in
            (0..<count).map { $0 == row ? 10 : UInt8.random(in: 11...farthest, using: &random) }
        }
        let hasMemory = (0..<count).map { _ in Int.random(in: 0..<5, using: &random) > 0 }
        let orders = NodeOrder(
            distances: DistanceMatrix(nodes: (0..<count).map { NodeID($0) }, rows: rows), hasMemory: hasMemory,
            loading: loading
        ).orders
        var load = [Int](repeating: 0, count: count)
        for own in 0..<count {
            var left = Set(hasMemory.indices.filter { hasMemory[$0] && $0 != own })
            var expected = hasMemory[own] ? [own] : []
            var previous = own
            var place = 0
            while let best = left.min(by: { key($0) < key($1) }) {
                if rows[own][best] != rows[own][previous] {
                    switch loading {
                    case .placesLeft: load[best] = count - 1 - place
                    case .placesLeftAdded: load[best] += count - 1 - place
                    case .timesChosen: load[best] += 1
                    }
                }
                expected.append(best)
                left.remove(best)
                previous = best
                place += 1
            }
            #expect(orders[own] == expected, "seed \(seed), node \(own)")
            func key(_ node: Int) -> (Int, Int, Int) { (Int(rows[own][node]) + (node < own ? 1 : 0), load[node], node) }
        }
    }

    @Test func `to 5.15 the load of a node is set to its place, so that ties fall otherwise`() {
        let near: [[UInt8]] = (0..<4).map { row in (0..<4).map { $0 == row ? 10 : 20 } }
        func orders(_ loading: KernelProfile.NodeLoading) -> [[Int]] {
            NodeOrder(
                distances: DistanceMatrix(nodes: [0, 1, 2, 3], rows: near), hasMemory: [true, true, true, true],
                loading: loading
            ).orders
        }
        #expect(orders(.timesChosen)[3] == [3, 0, 1, 2])
        #expect(orders(.placesLeft)[0] == [0, 1, 2, 3])
    }

    @Test func `watermarks are shares of min_free_kbytes, rounded down at each step`() {
        let marks = ZoneSizing.watermarks(
            of: [
                .init(kind: .dma32, managed: 1000), .init(kind: .normal, managed: 3001),
                .init(kind: .movable, managed: 500_000),
            ],
            minFreeKbytes: 403, scaleFactor: 10, pageSize: 4096, rules: KernelProfile.v6_12.sizing)
        // 100 pages, of which 4001 pages of low memory get 24 and 75; Movable takes no share and keeps 128.
        #expect(marks.map(\.min) == [24, 75, 128])
        #expect(marks[0].low == 24 + 6 && marks[0].high == 24 + 12)
        // A quarter of the share that it does not get for its minimum: 100 * 500000 / 4001 / 4.
        #expect(marks[2].low == 128 + 3124)
    }
}
