import BuddyEngine
import GFP
import Topology

/// A run of compaction on one zone (`struct compact_control`).
struct CompactionTask {
    /// The zone's position.
    var zone: Int
    var order: Order
    var type: Migratetype
    var highest: Int
    var flags: AllocFlags
    var isAsync: Bool
    var wholeZone: Bool
    var isDirect: Bool
    /// kcompactd compacts ahead of need, by score (`proactive_compaction`); the order is that of a huge page.
    var isProactive = false
    var cpu: Int

    /// The next page to look at for pages to move; it moves up.
    var migrate: PageFrame = 0
    /// The pageblock in which to look for free pages; it moves down.
    var free: PageFrame = 0
    /// The pageblock from which the next run continues to look for free pages.
    var nextFree: PageFrame = 0
    /// The order whose free list is searched first, and how many searches in a row found nothing.
    var searchOrder: UInt8
    var failedSearches = 0
    /// Whether pageblocks that yielded nothing before are scanned as well (`ignore_skip_hint`).
    let ignoresSkips: Bool
    /// Free pages taken off the lists, to move others to.
    var targets: [PageFrame] = []
    var migrateScanned = 0
    var freeScanned = 0
    var moved = 0

    init(
        zone: Int, order: Order, type: Migratetype, highest: Int, flags: AllocFlags, isAsync: Bool, wholeZone: Bool,
        isDirect: Bool, cpu: Int
    ) {
        self.zone = zone
        self.order = order
        self.type = type
        self.highest = highest
        self.flags = flags
        self.isAsync = isAsync
        self.wholeZone = wholeZone
        self.isDirect = isDirect
        self.cpu = cpu
        searchOrder = order.rawValue
        ignoresSkips = wholeZone
    }

    /// Whether pages are moved only if that frees a whole block of the order, as asynchronous direct compaction does
    /// (`skip_on_failure` in `isolate_migratepages_block`).
    var isPicky: Bool { isDirect && isAsync }

    /// The end of the block of the wanted order that contains a page (`block_end_pfn`).
    func blockEnd(_ frame: PageFrame) -> PageFrame {
        let pages = UInt64(order.pages)
        return PageFrame(rawValue: (frame.rawValue / pages + 1) * pages)
    }

    /// How many pages are moved at a time (`COMPACT_CLUSTER_MAX`).
    static let cluster = 32
}

extension Machine {
    /// Moves movable pages from the zone's start to free pages at its end, until a block of the order is free or the
    /// two scanners meet (`compact_zone`, mm/compaction.c, 6.1 and 6.12; without `fast_find_migrateblock`, which
    /// kcompactd and movable requests use).
    mutating func run<Observer: AllocationObserver>(
        _ task: CompactionTask, observing observer: inout Observer
    ) -> CompactionResult {
        var task = task
        let result = compact(&task, &observer)
        zones[task.zone].buddy.counters.cpu = task.cpu
        for frame in task.targets { zones[task.zone].buddy.free(frame, order: 0, observing: &observer) }
        if let highest = task.targets.max() {
            let block = zones[task.zone].pageblockStart(highest)
            if let free = pressure.compaction[task.zone].free, block > free {
                pressure.compaction[task.zone].free = block
            }
        }
        counters.compactMigrateScanned += task.migrateScanned
        counters.compactFreeScanned += task.freeScanned
        if !task.isDirect, !task.isProactive || profile.reclaim.countsProactiveScans {
            counters.compactDaemonMigrateScanned += task.migrateScanned
            counters.compactDaemonFreeScanned += task.freeScanned
        }
        observer.compacted(
            CompactionEvent(
                zone: zones[task.zone].reference, order: task.order, result: result, moved: task.moved,
                isBackground: !task.isDirect))
        return result
    }

    private mutating func compact<Observer: AllocationObserver>(
        _ task: inout CompactionTask, _ observer: inout Observer
    ) -> CompactionResult {
        let zone = task.zone
        if !task.isProactive,
            zones[zone].keeps(
                zones[zone].effectiveWatermark(task.flags.mark), order: task.order, highest: task.highest,
                flags: task.flags, free: zones[zone].buddy.counters.free)
        {
            return .success
        }
        guard task.isProactive || isSuitableForCompaction(zone, order: task.order, highest: task.highest) else {
            return .skipped
        }
        place(&task)
        while true {
            if let result = finished(&task, &observer) { return result }
            let source = nextSource(&task)
            let pages = source.map { isolate(from: $0, &task) } ?? []
            guard !pages.isEmpty else { continue }
            var hasFailed = false
            for (index, page) in pages.enumerated() {
                if task.targets.isEmpty { isolateFreePages(pages.count - index, &task, &observer) }
                guard let target = task.targets.popLast() else {
                    remember(task)
                    counters.migrationsFailed += 1
                    if task.free <= task.migrate { break }
                    return .contended
                }
                if !move(page, to: target, &task, &observer) { hasFailed = true }
            }
            // A block that cannot become free is not worth scanning further in a hurry.
            if hasFailed, task.isPicky { task.migrate = task.blockEnd(task.migrate + -1) }
            remember(task)
        }
    }

    /// Sets where the scanners begin: where the last run stopped, unless the whole zone is to be scanned.
    private mutating func place(_ task: inout CompactionTask) {
        let zone = task.zone
        let range = zones[zone].buddy.range
        let last = zones[zone].pageblockStart(range.upperBound + -1)
        let state = pressure.compaction[zone]
        let cached = state.migrate[task.isAsync ? 0 : 1]
        task.migrate = task.wholeZone ? range.lowerBound : cached ?? range.lowerBound
        task.free = task.wholeZone ? last : state.free ?? last
        task.nextFree = task.free
        if task.migrate <= range.lowerBound { task.wholeZone = true }
    }

    private mutating func remember(_ task: CompactionTask) {
        pressure.compaction[task.zone].migrate[task.isAsync ? 0 : 1] = task.migrate
        pressure.compaction[task.zone].free = task.nextFree
    }

    /// How the run ends, if it does (`__compact_finished`).
    private mutating func finished<Observer: AllocationObserver>(
        _ task: inout CompactionTask, _ observer: inout Observer
    ) -> CompactionResult? {
        let zone = task.zone
        let block = zones[zone].pageblockStart(task.migrate)
        if task.free <= block {
            pressure.compaction[zone].migrate = [nil, nil]
            pressure.compaction[zone].free = nil
            // Only direct compaction makes kswapd clear the skip marks (`compact_blockskip_flush`).
            if task.isDirect { pressure.compaction[zone].forgetsSkips = true }
            pressure.compaction[zone].firstFree = zones[zone].pageblockStart(zones[zone].buddy.range.upperBound + -1)
            return task.wholeZone ? .complete : .partialSkipped
        }
        if task.isProactive { return proactiveResult(zone) }
        guard task.migrate == block else { return nil }
        // A block that was emptied becomes whole once the pages on this CPU's lists are freed.
        if task.moved > 0 { zones[zone].drain(task.cpu, observing: &observer) }
        return zones[zone].hasBlockAfterCompaction(order: task.order, type: task.type) ? .success : nil
    }

    /// The rest of the next pageblock that may have pages to move (`isolate_migratepages`).
    private mutating func nextSource(_ task: inout CompactionTask) -> Range<PageFrame>? {
        let zone = task.zone
        let range = zones[zone].buddy.range
        let pages = zones[zone].buddy.pageblockOrder.pages
        while true {
            let block = zones[zone].pageblockStart(task.migrate)
            let end = min(block + pages, range.upperBound)
            guard end <= task.free else {
                task.migrate = max(task.migrate, task.free)
                return nil
            }
            let type = zones[zone].buddy.pageblockType(of: task.migrate)
            let isOwn = task.type == .movable ? type == .movable || type == .cma : type == task.type
            let isSkipped =
                !task.ignoresSkips && task.migrate == block
                && pressure.compaction[zone].skipped.contains(block.rawValue)
            if !isSkipped, !(task.isAsync && task.isDirect) || isOwn { return task.migrate..<end }
            task.migrate = end
        }
    }

    /// Moves a page. Returns whether its owner allowed it.
    private mutating func move<Observer: AllocationObserver>(
        _ page: PageFrame, to target: PageFrame, _ task: inout CompactionTask, _ observer: inout Observer
    ) -> Bool {
        guard let reclaimHook, reclaimHook.move(page, to: target) else {
            task.targets.append(target)
            counters.migrationsFailed += 1
            return false
        }
        zones[task.zone].free(page, order: 0, cpu: task.cpu, observing: &observer)
        zones[task.zone].buddy.markMovable(target..<(target + 1))
        noteMoved(page, to: target, zone: task.zone, targetZone: task.zone, cpu: task.cpu)
        counters.pagesMigrated += 1
        task.moved += 1
        return true
    }
}

extension Zone {
    func pageblockStart(_ frame: PageFrame) -> PageFrame {
        PageFrame(rawValue: frame.rawValue & ~UInt64(buddy.pageblockOrder.pages - 1))
    }

    /// Whether pages may be moved into a pageblock (`suitable_migration_target`).
    func isMigrationTarget(_ block: PageFrame, order: Order) -> Bool {
        guard block >= buddy.range.lowerBound else { return false }
        if let free = buddy.freeBlock(containing: block), free.order >= order { return false }
        let type = buddy.pageblockType(of: block)
        return type == .movable || type == .cma
    }

    /// Whether a block is free that would serve a request of the type, if necessary by claiming a pageblock of another
    /// type (`__compact_finished`, `find_suitable_fallback`).
    mutating func hasBlockAfterCompaction(order: Order, type: Migratetype) -> Bool {
        if buddy.hasBlock(atLeast: order, type: type) { return true }
        if type == .movable, buddy.hasBlock(atLeast: order, type: .cma) { return true }
        let smallest = type == .movable ? max(order, Order(buddy.pageblockOrder.rawValue / 2)) : order
        for other in [Migratetype.unmovable, .movable, .reclaimable] where other != type {
            if buddy.hasBlock(atLeast: smallest, type: other) { return true }
        }
        return false
    }
}
