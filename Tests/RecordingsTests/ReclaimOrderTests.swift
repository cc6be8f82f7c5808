import BuddyEngine
import SourceText
import TestSupport
import Testing
import Topology

@testable import Recordings

/// What a live recording shows of the order of its LRU list.
@Suite struct ReclaimOrderTests {
    /// A recording of our own with other operations.
    private func recording(_ operations: String, _ members: [(String, String)] = []) throws -> Recording {
        let path = try #require(KnownRecordings.own.first { $0.hasSuffix("k612-topo-1node-256M.json.gz") })
        var root = try #require(try JSONDocument.load(path).root.object)
        root["ops"] = try JSONDocument(text: operations).root
        for (key, text) in members { root[key] = try JSONDocument(text: text).root }
        return try Recording(SourceFile(name: "live", text: JSONValue(root).text()))
    }

    private func alloc(_ frame: Int, order: Int = 0, freed: [(frame: Int, order: Int)] = []) -> String {
        let events = freed.map { "[\"free\", \($0.frame), \($0.order)]" }.joined(separator: ", ")
        return """
            {"op": "alloc", "id": 1, "gfp": 3264, "order": \(order), "nid": 0, "cpu": 0, "pfn": \(frame), "node": 0, "zone": 1,
             "alloc_flags": 2049, "ev": [\(events)]}
            """
    }

    private func time(_ order: ReclaimOrder, _ frame: UInt64, pages: Int = 1) -> Int {
        let first = PageFrame(rawValue: frame)
        return order.time(of: first..<(first + pages), pageblock: 9)
    }

    @Test func `what a requester frees was the oldest just then, and what it gets was reclaimed before`() throws {
        let order = ReclaimOrder(
            try recording(
                "[\(alloc(20000, order: 2)), \(alloc(22000, freed: [(24000, 5), (23000, 0)])), \(alloc(23000)), \(alloc(26000))]"
            ))
        let expected: [UInt64] = [20000, 24000, 23000, 22000, 26000]
        #expect(expected.map { time(order, $0) } == expected.map { time(order, $0) }.sorted())
        #expect(Set(expected.map { time(order, $0) }).count == expected.count)
        #expect(time(order, 20003) == time(order, 20000) && time(order, 24031) == time(order, 24000))
    }

    @Test func `a folio was reclaimed when the first of its pages was seen`() throws {
        let order = ReclaimOrder(try recording("[\(alloc(20500)), \(alloc(20481)), \(alloc(20490))]"))
        #expect(time(order, 20480, pages: 32) == time(order, 20500))
    }

    @Test func `a page never seen goes with its neighbours of the same pageblock, those below it first`() throws {
        let order = ReclaimOrder(try recording("[\(alloc(20500)), \(alloc(20600)), \(alloc(21000))]"))
        #expect(time(order, 20599) == time(order, 20500))
        #expect(time(order, 20480) == time(order, 20500))
        #expect(time(order, 20991) == time(order, 20600))
        #expect(time(order, 21504) == .max)
    }

    @Test func `what is free in the end was reclaimed, though not when, and what never is was not`() throws {
        let recording = try recording("[\(alloc(20500)), \(alloc(21000))]")
        let order = ReclaimOrder(recording)
        var free: PageFrame?
        for zone in recording.after.zones {
            if case .lists(let lists) = zone.free { free = free ?? lists.first?.runs.first?.first }
        }
        let last = try #require(free)
        #expect(order.hasSeen(last))
        #expect(time(order, last.rawValue) == .max)
        #expect(order.hasSeen(21000))
        #expect(!order.hasSeen(PageFrame(rawValue: 1 << 40)))
        #expect(time(order, 1 << 40) == .max)
    }

    @Test func `a block of an impossible order is no trap`() throws {
        let order = ReclaimOrder(try recording("[\(alloc(20500, freed: [(20480, 4_000_000_000)]))]"))
        #expect(time(order, 20480) < time(order, 86017))
    }

    @Test func `a block that would reach past all page frames is no trap`() throws {
        var recording = try recording("[]")
        let last = PageFrame(rawValue: .max - 3)
        recording.after.zones[0].free = .lists([
            FreeList(order: 10, type: .movable, frames: [last]), FreeList(order: 1, type: .movable, frames: [20480]),
        ])
        let order = ReclaimOrder(recording)
        #expect(!order.hasSeen(last))
        #expect(order.hasSeen(20480) && order.hasSeen(20481) && !order.hasSeen(20482))
    }

    @Test func `whether a guest's time was counted in instructions is read`() throws {
        #expect(try recording("[]", [("qemu", #"{"mem": "1G", "icount": 1}"#)]).countsInstructions)
        #expect(try !recording("[]", [("qemu", #"{"mem": "1G"}"#)]).countsInstructions)
    }
}
