import KernelShapedComparator
import Testing
import Workloads

/// The comparator is a yardstick only as long as it does what the rules say.
@Suite struct ComparatorTests {
    @Test func `a zone starts as largest blocks in ascending order`() {
        let zone = Zone(blocks: 4)
        #expect(zone.list(10) == [0, 1024, 2048, 3072])
        #expect(zone.brokenInvariant == nil)
    }

    @Test func `a split gives the start and puts the upper halves at the head`() {
        let zone = Zone(blocks: 1)
        #expect(zone.take(7) == 0)
        #expect(zone.list(7) == [128])
        #expect(zone.list(8) == [256])
        #expect(zone.list(9) == [512])
        #expect(zone.take(7) == 128)
        #expect(zone.take(7) == 256)
        #expect(zone.list(7) == [384])
    }

    @Test func `a freed block goes to the tail if its next merge is near, else to the head`() {
        let zone = Zone(blocks: 1)
        for _ in 0..<1024 { _ = zone.take(0) }
        zone.free(16, 0)
        zone.free(8, 0)
        #expect(zone.list(0) == [8, 16], "both buddies of the pairs above are in use: the head")
        zone.free(2, 0)
        zone.free(3, 0)
        #expect(zone.list(1) == [2])
        zone.free(0, 0)
        #expect(zone.list(0) == [8, 16, 0], "the pair 2, 3 is free: the tail")
        zone.free(1, 0)
        #expect(zone.list(2) == [0])
        #expect(zone.brokenInvariant == nil)
    }

    @Test func `blocks of order 9 never go to the tail`() {
        let zone = Zone(blocks: 3)
        for _ in 0..<6 { _ = zone.take(9) }
        zone.free(512, 9)
        zone.free(1024, 9)
        #expect(zone.list(9) == [1024, 512])
    }

    @Test func `memory that is full refuses`() {
        let zone = Zone(blocks: 1)
        #expect(zone.take(10) == 0)
        #expect(zone.take(0) == nil)
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `after any mix, everything given back merges into largest blocks`(seed: UInt64) {
        let zone = Zone(blocks: 16)
        var generator = SeededGenerator(seed: seed)
        var held: [(frame: UInt64, order: Int)] = []
        var owner: [UInt64: Int] = [:]
        for step in 0..<20_000 {
            if generator.next(below: 100) < 55 {
                let order = generator.nextOrder()
                guard let frame = zone.take(order) else { continue }
                for page in frame..<frame + 1 << UInt64(order) {
                    #expect(owner.updateValue(step, forKey: page) == nil, "seed \(seed): page \(page) given twice")
                }
                held.append((frame, order))
            } else if !held.isEmpty {
                let (frame, order) = held.remove(at: generator.next(below: held.count))
                for page in frame..<frame + 1 << UInt64(order) { owner[page] = nil }
                zone.free(frame, order)
            }
            if step % 500 == 0 { #expect(zone.brokenInvariant == nil, "seed \(seed), step \(step)") }
        }
        #expect(zone.freePages == 16 * 1024 - UInt64(owner.count), "seed \(seed)")
        for (frame, order) in held.shuffled(using: &generator) { zone.free(frame, order) }
        #expect(zone.brokenInvariant == nil, "seed \(seed)")
        #expect(zone.list(10).sorted() == (0..<16).map { $0 * 1024 }, "seed \(seed)")
    }

    @Test func `a steady mix ends near 70 % and runs the same each time`() {
        let workload = Workload.steadyMix(name: "small", pages: 1 << 14, operations: 20_000, seed: 9)
        var hashes: [UInt64] = []
        for _ in 0..<2 {
            let zone = Zone(first: Workload.firstFrame, blocks: 16)
            hashes.append(zone.run(workload.preparation + workload.measured, slots: workload.slots))
            #expect(zone.brokenInvariant == nil)
            #expect((0.65...0.75).contains(1 - Double(zone.freePages) / Double(workload.pages)))
        }
        #expect(hashes[0] == hashes[1])
    }

    @Test func `fill and free gives out every page once and ends as it began`() {
        let workload = Workload.fillAndFree(pages: 4096)
        let zone = Zone(first: Workload.firstFrame, blocks: 4)
        _ = zone.run(workload.measured, slots: workload.slots)
        #expect(zone.freePages == 4096)
        #expect(zone.list(10).count == 4)
    }
}

/// A comparator's zone that ends with its owner.
private final class Zone {
    let zone: OpaquePointer

    init(first: UInt64 = 0, blocks: UInt64) { zone = comparator_create(first, blocks * 1024)! }

    deinit { comparator_destroy(zone) }

    func take(_ order: Int) -> UInt64? {
        let frame = comparator_take(zone, UInt32(order), UInt32(comparator_movable))
        return frame == comparator_refused ? nil : frame
    }

    func free(_ frame: UInt64, _ order: Int) { comparator_free(zone, frame, UInt32(order)) }

    func list(_ order: Int) -> [UInt64] {
        let type = UInt32(comparator_movable)
        let length = comparator_list(zone, UInt32(order), type, nil, 0)
        return [UInt64](unsafeUninitializedCapacity: length) { buffer, count in
            count = comparator_list(zone, UInt32(order), type, buffer.baseAddress, length)
        }
    }

    func run(_ operations: [Operation], slots: Int) -> UInt64 {
        var held = [UInt64](repeating: comparator_refused, count: slots)
        let raw = operations.map(\.rawValue)
        return comparator_run_hashed(zone, raw, raw.count, &held, 0)
    }

    var freePages: UInt64 { comparator_free_pages(zone) }

    var brokenInvariant: String? { comparator_broken_invariant(zone).map { String(cString: $0) } }
}
