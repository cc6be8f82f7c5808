import BuddyEngine
import Topology

extension Machine {
    /// Checks every zone's lists and counters, that no page is lost, and that no free was refused. For tests.
    public func checkInvariants() throws(InvariantViolation) {
        if let bad = badPages.first { throw InvariantViolation(bad.description) }
        for position in 0..<zoneCount { try zones[position].checkInvariants() }
    }

    /// Like ``checkInvariants()``, for what has changed since the last call with the same `checked`: for checks after
    /// every operation. Where changes are not counted (`BuddySpan.countsChanges`), everything is checked.
    ///
    /// - Parameters:
    ///   - checked: The zones as last checked; empty at first.
    public func checkInvariants(since checked: inout [CheckedZone]) throws(InvariantViolation) {
        if let bad = badPages.first { throw InvariantViolation(bad.description) }
        for position in 0..<zoneCount {
            let now = CheckedZone(zones[position])
            let last = BuddySpan.countsChanges && checked.count == zoneCount ? checked[position] : nil
            if now != last { try zones[position].checkInvariants(buddyToo: now.changes != last?.changes) }
        }
        checked = (0..<zoneCount).map { CheckedZone(zones[$0]) }
    }

    /// The state of a zone's lists when they were last checked.
    public struct CheckedZone: Equatable {
        fileprivate let changes: Int
        private let pagesAllocated: Int
        private let pagesFreed: Int
        private let perCPUPages: Int

        fileprivate init(_ zone: borrowing Zone) {
            changes = zone.buddy.changes
            pagesAllocated = zone.pagesAllocated
            pagesFreed = zone.pagesFreed
            perCPUPages = zone.perCPUPages
        }
    }
}

extension Zone {
    /// Checks the free lists, and that no per-CPU list has a page that is free, foreign or listed twice.
    func checkInvariants(buddyToo: Bool = true) throws(InvariantViolation) {
        if buddyToo {
            do { try buddy.checkInvariants() } catch { throw violation("\(error)") }
        }
        if (0..<floors.count).contains(where: { floors[$0] != floor(highest: $0) }) {
            throw violation("its floors do not follow from its watermarks")
        }
        var seen: Set<PageFrame> = []
        var total = buddy.freePages
        for cpu in readyCPUs { total += try checkedPages(ofCPU: cpu, &seen) }
        if total > managed { throw violation("\(total) pages are free, \(managed) are managed") }
    }

    /// Checks a CPU's lists, adds their blocks to `seen`, and returns the number of pages.
    private func checkedPages(ofCPU cpu: Int, _ seen: inout Set<PageFrame>) throws(InvariantViolation) -> Int {
        var pages = 0
        for list in 0..<PerCPUPages.listCount {
            let order = PerCPUPages.order(ofList: list, hugeOrder: hugeOrder)
            let blocks = queue(cpu, list).pointee.blocks(order: order)
            for first in blocks.map(\.frame) {
                guard isInUse(first), isInUse(first + (order.pages - 1)) else {
                    throw violation("page frame \(first) of CPU \(cpu)'s list \(list) is also free, or not the zone's")
                }
                guard seen.insert(first).inserted else {
                    throw violation("page frame \(first) is on two per-CPU lists")
                }
            }
            pages += blocks.count * order.pages
        }
        let counted = perCPU.base[cpu].count
        if pages != counted { throw violation("CPU \(cpu) counts \(counted) pages, its lists have \(pages)") }
        return pages
    }

    /// Whether a page belongs to the zone and is on none of its free lists.
    private func isInUse(_ frame: PageFrame) -> Bool {
        !buddy.isFree(frame) && segments.contains { $0.contains(frame) }
    }

    private func violation(_ what: String) -> InvariantViolation {
        InvariantViolation("node \(node) zone \(kind): \(what)")
    }
}
