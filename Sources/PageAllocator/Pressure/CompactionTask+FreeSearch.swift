import BuddyEngine
import Topology

extension Machine {
    /// Looks for free pages to move to on the Movable lists before pageblocks are scanned: in the top quarter of the
    /// memory between the scanners, else in its top half. If the first search finds none there, direct compaction
    /// continues from the middle, so that the upper half is never looked at (`fast_isolate_freepages`,
    /// mm/compaction.c).
    mutating func searchFreeLists<Observer: AllocationObserver>(
        _ wanted: Int, _ task: inout CompactionTask, _ observer: inout Observer
    ) {
        let zone = task.zone
        let rules = profile.reclaim
        let isStart = pressure.compaction[zone].firstFree.map { task.free >= $0 } ?? true
        let distance = task.free - task.migrate
        let low = zones[zone].pageblockStart(task.free + -(distance >> 2))
        let middle = zones[zone].pageblockStart(task.free + -(distance >> 1))
        var search = FreeListSearch(
            limit: isStart
                ? zones[zone].buddy.pageblockOrder.pages / 2
                : max(1, (CompactionTask.cluster >> min(task.failedSearches, 31) + 1) / 2),
            low: low, middle: middle)
        task.searchOrder = min(task.searchOrder, task.order.rawValue - 1)
        var found: PageFrame?
        for step in 0..<Int(task.order.rawValue) where found == nil {
            let level = (Int(task.searchOrder) - step + Int(task.order.rawValue)) % Int(task.order.rawValue)
            let order = Order(UInt8(level))
            let blocks = zones[zone].buddy.lastBlocks(max(search.limit, 1), order: order, type: .movable)
            if let place = search.look(in: blocks) {
                guard maySpare(order, zone) else { break }
                if place >= low {
                    task.failedSearches = 0
                    task.searchOrder = order.rawValue
                }
                take(place, &task, &observer)
                found = place
            }
            search.narrow(rules.freeSearch)
        }
        task.freeScanned += search.looked
        if found == nil {
            task.failedSearches += 1
            if isStart { found = begin(&task, search, rules.freeSearch) }
        } else if rules.freeSearch != .checksTargets, let found {
            task.free = zones[zone].pageblockStart(found)
        }
        guard let found, task.targets.count < wanted, !(task.isDirect && task.isAsync) else { return }
        searchAround(found, wanted, &task, &observer)
    }

    /// Sets where the free scanner begins after nothing was found on the lists. Returns the page to search around.
    private func begin(
        _ task: inout CompactionTask, _ search: FreeListSearch, _ rule: KernelProfile.FreeSearch
    ) -> PageFrame? {
        let highest = search.highest.map { zones[task.zone].pageblockStart($0) }
        if let highest, rule == .anyHighest || highest >= search.middle {
            task.free = highest
            return highest
        }
        guard task.isDirect else { return nil }
        task.free = search.middle
        if rule == .checksTargets, !zones[task.zone].isMigrationTarget(search.middle, order: task.order) { return nil }
        return search.middle
    }

    /// Takes all free pages of a pageblock (`fast_isolate_around`).
    private mutating func searchAround<Observer: AllocationObserver>(
        _ frame: PageFrame, _ wanted: Int, _ task: inout CompactionTask, _ observer: inout Observer
    ) {
        let zone = task.zone
        let range = zones[zone].buddy.range
        let block = zones[zone].pageblockStart(frame)
        var page = max(block, range.lowerBound)
        let end = min(block + zones[zone].buddy.pageblockOrder.pages, range.upperBound)
        while page < end {
            task.freeScanned += 1
            page = take(page, &task, &observer)
        }
        if task.targets.count < wanted { pressure.compaction[zone].skipped.insert(block.rawValue) }
    }

    /// Takes a free block off its list, if one begins there. Returns where to look next.
    @discardableResult
    mutating func take<Observer: AllocationObserver>(
        _ frame: PageFrame, _ task: inout CompactionTask, _ observer: inout Observer
    ) -> PageFrame {
        zones[task.zone].buddy.counters.cpu = task.cpu
        guard let free = zones[task.zone].buddy.freeBlock(containing: frame), free.first == frame,
            maySpare(free.order, task.zone),
            let order = zones[task.zone].buddy.takeBlock(at: frame, observing: &observer)
        else { return frame + 1 }
        for page in 0..<order.pages { task.targets.append(frame + page) }
        counters.compactIsolated += order.pages
        return frame + order.pages
    }
}

/// A search through the Movable free lists, order by order.
private struct FreeListSearch {
    /// How many blocks of the next list to look at.
    var limit: Int
    /// A block from here up is good enough to stop.
    var low: PageFrame
    /// A block below this is of no use.
    var middle: PageFrame
    var looked = 0
    /// The highest block seen.
    var highest: PageFrame?
    private var lookedOnList = 0

    init(limit: Int, low: PageFrame, middle: PageFrame) {
        self.limit = limit
        self.low = low
        self.middle = middle
    }

    /// The block to take from a list, given its last blocks, tail first; at most ``limit`` of them are looked at.
    mutating func look(in blocks: [PageFrame]) -> PageFrame? {
        var candidate: PageFrame?
        lookedOnList = 0
        for frame in blocks {
            lookedOnList += 1
            looked += 1
            highest = max(highest ?? frame, frame)
            if frame >= low { return frame }
            if frame >= middle, candidate.map({ frame > $0 }) ?? true {
                candidate = frame
                limit >>= 1
            }
            if lookedOnList >= limit { break }
        }
        return candidate
    }

    /// Searches the next list less deeply if this one was searched as deeply as allowed.
    mutating func narrow(_ rule: KernelProfile.FreeSearch) {
        guard lookedOnList >= limit else { return }
        limit = rule == .anyHighest ? min(1, limit >> 1) : max(1, limit >> 1)
    }
}
