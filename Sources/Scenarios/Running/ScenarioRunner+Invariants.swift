import BuddyEngine
import PageAllocator

extension ScenarioRunner {
    /// How many pages are free, on per-CPU lists, in the scenario's groups, or on LRU lists. Steps only move pages
    /// between these, so their sum is constant.
    func accountedPages() -> Int {
        machine.freePages + machine.perCPUPages + lru.heldPages
            + blocks.groups.values.reduce(0) { $0 + $1.pages }
    }

    /// Checks every list and counter of the machine, the LRU lists, and that no page was lost or gained.
    func checkInvariants() throws(InvariantViolation) {
        try machine.checkInvariants()
        try lru.checkInvariants(in: machine)
        for name in blocks.groups.keys.sorted() {
            guard let group = blocks.groups[name] else { continue }
            for block in group.held where machine.isOnFreeLists(block.frame) {
                throw InvariantViolation("page frame \(block.frame) of group \"\(name)\" is free")
            }
        }
        let pages = accountedPages()
        guard pages == pagesAtFirst else {
            throw InvariantViolation("\(pagesAtFirst) pages were accounted for at first, now \(pages)")
        }
    }
}
