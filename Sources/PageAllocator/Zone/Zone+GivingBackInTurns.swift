import BuddyEngine

extension Zone {
    /// Returns one page from each list in turn, beginning with Movable's, and one more for each empty list passed on
    /// the way (`free_pcppages_bulk`, 5.10). Only lists of single pages are drained like this.
    ///
    /// The kernel picks all pages before it frees the first; freeing does not change which are picked.
    @usableFromInline
    mutating func giveBackInTurns<Observer: AllocationObserver>(
        _ pages: Int, cpu: Int, observing observer: inout Observer
    ) {
        buddy.counters.cpu = cpu
        var left = min(perCPU.base[cpu].count, pages)
        perCPU.base[cpu].count &-= left
        var list = 0
        while left > 0 {
            var share = 0
            repeat {
                share += 1
                list = list == Migratetype.perCPUCount - 1 ? 0 : list + 1
            } while queue(cpu, list).pointee.isEmpty
            while share > 0, left > 0, !queue(cpu, list).pointee.isEmpty {
                let page = queue(cpu, list).pointee.popBack(order: 0)
                tellDrained(page.frame, blocks: 1, order: 0, list: list, cpu: cpu, &observer)
                giveBack(page, observing: &observer)
                share -= 1
                left -= 1
            }
        }
    }

    private mutating func giveBack<Observer: AllocationObserver>(
        _ page: TakenBlock, observing observer: inout Observer
    ) {
        let type = perCPURules.pagesCarryType ? page.type : buddy.pageblockType(of: page.frame)
        buddy.merge(page.frame, order: 0, type: type, observing: &observer)
        observer.drained(page.frame, order: 0, type: type)
    }
}
