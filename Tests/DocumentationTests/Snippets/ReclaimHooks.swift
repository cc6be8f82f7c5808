import NUMAZones
import Testing

// BEGIN SNIPPET
/// A cache that gives back its oldest pages, as many as are asked for.
final class Cache: ReclaimHook {
    var pages: [PageFrame] = []

    func reclaim(_ call: ReclaimCall, in machine: inout Machine) -> Int {
        let oldest = pages.prefix(call.target)
        pages.removeFirst(oldest.count)
        for page in oldest { machine.free(page, order: 0) }
        return oldest.count
    }
}
// END SNIPPET

/// The example of Documentation/ReclaimHooks.md.
@Suite struct ReclaimHooks {
    @Test func `the documented hook keeps a full machine going`() throws {
        var machine = try Machine(Topology(nodes: [.init(id: 0, cpus: [0], memory: [0..<0x6000])]))
        let cache = Cache()
        while let page = machine.allocate(AllocationRequest(.GFP_HIGHUSER_MOVABLE)) { cache.pages.append(page) }
        machine.reclaimHook = cache
        for _ in 0..<1000 {
            let page = machine.allocate(AllocationRequest(.GFP_HIGHUSER_MOVABLE))
            cache.pages.append(try #require(page))
        }
        #expect(machine.counters.kswapdRounds > 0)
        cache.pages.removeAll()
        while machine.allocate(AllocationRequest(.GFP_KERNEL)) != nil {}
        try machine.checkInvariants()
    }
}
