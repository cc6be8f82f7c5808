import BuddyEngine
import PageAllocator
import Topology

/// The LRU lists of a free replay, and the traced block that each page on them belongs to.
///
/// A traced block may be gone before the trace frees it, or elsewhere because compaction moved it.
final class ReplayReclaimHook: ReclaimHook {
    private let lru: LRUReclaim
    private let cacheShare: Double
    /// The remainder of rounding, so that the share is exact for few pages.
    private var debt = 0.0
    /// The page here by traced frame, and the reverse.
    private var pages: [UInt64: PageFrame] = [:]
    private var traced: [PageFrame: UInt64] = [:]

    init(_ options: ReplayReclaim) {
        lru = LRUReclaim(swapPages: options.swapPages)
        cacheShare = options.cacheShare
    }

    var scansByPriority: Bool { true }

    func reclaim(_ call: ReclaimCall, in machine: inout Machine) -> Int { lru.reclaim(call, in: &machine) }

    func reclaimablePages(in zone: ZoneReference) -> Int? { lru.reclaimablePages(in: zone) }

    func move(_ page: PageFrame, to target: PageFrame) -> Bool {
        guard lru.move(page, to: target) else { return false }
        if let frame = traced.removeValue(forKey: page) {
            traced[target] = frame
            pages[frame] = target
        }
        return true
    }

    /// Puts a page on the lists; `frame` is the traced one, nil for a page older than the trace.
    func add(_ page: PageFrame, for frame: UInt64?, in machine: inout Machine) {
        debt += cacheShare
        let isCache = debt >= 1
        if isCache { debt -= 1 }
        lru.add(page..<(page + 1), isCache ? .file : .anonymous, in: &machine)
        guard let frame else { return }
        traced[page] = frame
        pages[frame] = page
    }

    /// Takes a traced page off the lists and returns its frame here; nil if it was reclaimed.
    func take(_ frame: UInt64) -> PageFrame? {
        guard let page = pages.removeValue(forKey: frame), traced[page] == frame else { return nil }
        traced[page] = nil
        guard lru.holds(page) else { return nil }
        lru.forget(page)
        return page
    }

    /// Whether a traced block has been put on the lists and not taken off since.
    func knows(_ frame: UInt64) -> Bool { pages[frame] != nil }

    /// Puts the movable pages in use on the lists, the lowest as the oldest.
    func addPagesInUse(of machine: inout Machine) -> ReclaimedPages {
        var result = ReclaimedPages()
        let onLists = Set(
            machine.snapshot().zones.flatMap { $0.exact?.perCPU ?? [] }.flatMap(\.lists).flatMap(\.frames))
        for zone in 0..<machine.zoneCount {
            let segments = machine.withZone(zone) { $0.segments }
            for segment in segments {
                var page = segment.lowerBound
                while page < segment.upperBound {
                    defer { page = page + 1 }
                    guard machine.pageblockType(of: page) == .movable, !machine.isOnFreeLists(page),
                        !onLists.contains(page)
                    else { continue }
                    guard result.atStart < ReplayReclaim.mostPagesAtStart else {
                        result.leftOut += 1
                        continue
                    }
                    add(page, for: nil, in: &machine)
                    result.atStart += 1
                }
            }
        }
        return result
    }
}
