import BuddyEngine
import SourceText
import TestSupport
import Testing
import Topology

@testable import Recordings

/// What the pages of a recorded guest hold, from what was seen free later.
@Suite struct GuestPagesTests {
    /// Pages in use in a movable pageblock at 512, and in unmovable ones from 1024 up to 2560.
    private func zone(movable: Int, others: Int) -> ZoneSnapshot {
        let exact = ExactZoneState(
            pages: [
                .init(first: 512, count: movable, use: .movable), .init(first: 1024, count: others, use: .movable),
                .init(first: 2048, count: 10, use: .managed),
            ], freePagesCounter: 0, pagesetHighMin: 0, pagesetHighMax: 0, pagesetBatch: 1)
        return ZoneSnapshot(
            span: ZoneSpan(node: 0, kind: .dma32, start: 0, spanned: 4096, present: 4096, managed: 4096), exact: exact)
    }

    /// The order in which pages were seen free.
    private func order(_ frames: some Sequence<Int>) throws -> ReclaimOrder {
        let path = try #require(KnownRecordings.own.first { $0.hasSuffix("k612-topo-1node-256M.json.gz") })
        var root = try #require(try JSONDocument.load(path).root.object)
        let operations = frames.map {
            """
            {"op": "alloc", "id": 1, "gfp": 3264, "order": 0, "nid": 0, "cpu": 0, "pfn": \($0), "node": 0, "zone": 1,
             "alloc_flags": 2049}
            """
        }
        root["ops"] = try JSONDocument(text: "[\(operations.joined(separator: ", "))]").root
        var recording = try Recording(SourceFile(name: "live", text: JSONValue(root).text()))
        recording.after.zones = []
        return ReclaimOrder(recording)
    }

    private func pages(_ zone: ZoneSnapshot, seen frames: some Sequence<Int>) throws -> GuestPages {
        var pages = GuestPages()
        pages.add(zone, try order(frames), pageblock: 9) { !(1024..<2560).contains($0.rawValue) }
        return pages
    }

    @Test func `in a zone reclaimed to the end, what was not seen again is the guest's own`() throws {
        let pages = try pages(zone(movable: 100, others: 900), seen: [Array(514..<612), Array(1044..<1924)].joined())
        #expect(!pages.isHeld)
        #expect(pages.movable.count == 100)
        #expect(pages.cacheInMovable == Set((514..<612).map { PageFrame($0) }), "two are anonymous")
        #expect(pages.cache == (1044..<1924).map { PageFrame($0) })
        #expect(pages.kept == 20, "files in ramfs")
    }

    @Test func `in any other zone a movable pageblock of which one page was reclaimed held page cache`() throws {
        let some = try pages(zone(movable: 100, others: 900), seen: [520, 1030])
        #expect(some.cacheInMovable.count == 100)
        #expect(some.cache.count == 900 && some.kept == 0)
        let none = try pages(zone(movable: 100, others: 900), seen: [700, 1030])
        #expect(none.cacheInMovable.isEmpty, "a free page of the pageblock was given away: that says nothing")
    }

    @Test func `if most pages are movable, a process holds them, and many others are files in ramfs`() throws {
        let files = try pages(zone(movable: 512, others: 20), seen: [])
        #expect(files.isHeld && !files.hasFiles)
        var held = zone(movable: 512, others: 900)
        held.exact?.pages.append(.init(first: 3000, count: 600, use: .movable))
        let ramfs = try pages(held, seen: [])
        #expect(ramfs.isHeld && ramfs.hasFiles)
    }
}
