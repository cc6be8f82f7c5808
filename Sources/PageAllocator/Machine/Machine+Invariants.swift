import BuddyEngine
import Topology

extension Machine {
    /// Checks every zone's lists and counters, that pages are conserved, and that no free was refused. For tests.
    public func checkInvariants() throws(InvariantViolation) {
        if let bad = badPages.first { throw InvariantViolation(bad.description) }
        for position in 0..<zoneCount { try zones[position].checkInvariants() }
    }

    /// ``checkInvariants()`` of what has changed since the last call with the same `checked`: for checks after every
    /// operation. Where changes are not counted (`BuddySpan.countsChanges`), everything is checked.
    ///
    /// - `checked`: Empty at first.
    public func checkInvariants(since checked: inout [CheckedZone]) throws(InvariantViolation) {
        if let bad = badPages.first { throw InvariantViolation(bad.description) }
        for position in 0..<zoneCount {
            let now = CheckedZone(zones[position])
            let last = BuddySpan.countsChanges && checked.count == zoneCount ? checked[position] : nil
            if now != last { try zones[position].checkInvariants(buddyToo: now.changes != last?.changes) }
        }
        checked = (0..<zoneCount).map { CheckedZone(zones[$0]) }
    }

    /// What a zone's lists were when they were found to be sound.
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
    /// Checks the free lists, and that no per-CPU list has a page that is also free, foreign or there twice.
    func checkInvariants(buddyToo: Bool = true) throws(InvariantViolation) {
        if buddyToo {
            do {
                try buddy.checkInvariants()
            } catch {
                throw InvariantViolation("node \(node) zone \(kind): \(error)")
            }
        }
        if (0..<floors.count).contains(where: { floors[$0] != floor(highest: $0) }) {
            throw InvariantViolation("node \(node) zone \(kind): its floors do not follow from its watermarks")
        }
        var seen: Set<PageFrame> = []
        var total = buddy.freePages
        for cpu in readyCPUs {
            var pages = 0
            for list in 0..<PerCPUPages.listCount {
                let order = PerCPUPages.order(ofList: list, hugeOrder: hugeOrder)
                let blocks = queue(cpu, list).pointee.blocks(order: order)
                for first in blocks.map(\.frame) {
                    for frame in [first, first + (order.pages - 1)] {
                        if buddy.isFree(frame) || !segments.contains(where: { $0.contains(frame) }) {
                            throw InvariantViolation(
                                "node \(node) zone \(kind): page frame \(frame) of CPU \(cpu)'s list \(list) is also free"
                                    + ", or not the zone's")
                        }
                    }
                    if !seen.insert(first).inserted {
                        throw InvariantViolation(
                            "node \(node) zone \(kind): page frame \(first) is on two per-CPU lists")
                    }
                }
                pages += blocks.count * order.pages
            }
            if pages != perCPU.base[cpu].count {
                throw InvariantViolation(
                    "node \(node) zone \(kind): CPU \(cpu) counts \(perCPU.base[cpu].count) pages, its lists have \(pages)"
                )
            }
            total += pages
        }
        if total > managed {
            throw InvariantViolation("node \(node) zone \(kind): \(total) pages are free, \(managed) are managed")
        }
    }
}
