import BuddyEngine
import Topology

extension Machine {
    /// Isolates movable pages in use, at most a cluster (`isolate_migratepages_block`).
    mutating func isolate(from source: Range<PageFrame>, _ task: inout CompactionTask) -> [PageFrame] {
        let zone = task.zone
        var pages: [PageFrame] = []
        var frame = source.lowerBound
        if zones[zone].buddy.movablePages(in: source) == 0 {
            // A page that cannot be moved ends the scan of its block.
            task.migrateScanned += task.isPicky ? max(source.pages / task.order.pages, 1) : source.pages
            frame = source.upperBound
        }
        var end = task.blockEnd(frame)
        while frame < source.upperBound, pages.count < CompactionTask.cluster {
            if task.isPicky, frame >= end {
                if !pages.isEmpty { break }
                end = task.blockEnd(frame)
            }
            task.migrateScanned += 1
            if let free = zones[zone].buddy.freeBlock(containing: frame) {
                let next = free.first + free.order.pages
                if profile.reclaim.countsWholeFreeBlocks { task.migrateScanned += next - frame - 1 }
                frame = next
            } else if zones[zone].buddy.isMarkedMovable(frame), reclaimHook?.mayBeMoved(frame) != false {
                pages.append(frame)
                frame = frame + 1
            } else if task.isPicky {
                pages.removeAll(keepingCapacity: true)
                frame = end
            } else {
                frame = frame + 1
            }
        }
        frame = min(frame, source.upperBound)
        task.migrate = frame
        let block = zones[zone].pageblockStart(source.lowerBound)
        if pages.isEmpty, source.lowerBound == block { pressure.compaction[zone].skipped.insert(block.rawValue) }
        counters.compactIsolated += pages.count
        return pages
    }

    /// Takes free pages off the lists, pageblock by pageblock downwards (`isolate_freepages`).
    mutating func isolateFreePages<Observer: AllocationObserver>(
        _ wanted: Int, _ task: inout CompactionTask, _ observer: inout Observer
    ) {
        let zone = task.zone
        let pages = zones[zone].buddy.pageblockOrder.pages
        let low = zones[zone].pageblockStart(task.migrate) + pages
        if !task.isProactive { searchFreeLists(wanted, &task, &observer) }
        if !task.targets.isEmpty { return }
        // Only some pages are looked at, with a stride that doubles while nothing is found.
        var stride = task.isAsync ? CompactionTask.cluster : 1
        while task.free >= low {
            let isSkipped =
                !task.ignoresSkips && pressure.compaction[zone].skipped.contains(task.free.rawValue)
            if !isSkipped, zones[zone].isMigrationTarget(task.free, order: task.order) {
                let before = task.targets.count
                let isCut = isolateFreeBlocks(wanted, stride: stride, &task, &observer)
                if isCut { return }
                stride = task.targets.count > before ? 1 : min(stride << 1, CompactionTask.cluster)
            }
            guard task.free >= low + pages else {
                task.free = low + -pages
                return
            }
            task.free = task.free + -pages
        }
    }

    /// Takes the free pages of the free scanner's pageblock (`isolate_freepages_block`). Returns whether that is
    /// enough, or the zone can spare no more.
    private mutating func isolateFreeBlocks<Observer: AllocationObserver>(
        _ wanted: Int, stride: Int, _ task: inout CompactionTask, _ observer: inout Observer
    ) -> Bool {
        let zone = task.zone
        let range = zones[zone].buddy.range
        var frame = max(task.free, range.lowerBound)
        let end = min(task.free + zones[zone].buddy.pageblockOrder.pages, range.upperBound)
        while frame < end {
            task.freeScanned += 1
            if let free = zones[zone].buddy.freeBlock(containing: frame), free.first == frame {
                guard maySpare(free.order, zone) else { return true }
                frame = take(frame, &task, &observer) + -1
                if task.targets.count >= wanted { return true }
            }
            frame = frame + stride
        }
        pressure.compaction[zone].skipped.insert(task.free.rawValue)
        task.nextFree = min(task.nextFree, task.free)
        return false
    }

    /// Whether a zone stays above its mark without a block of the order (`__isolate_free_page`).
    func maySpare(_ order: Order, _ zone: Int) -> Bool {
        zones[zone].keeps(
            zones[zone].watermark(.min) + order.pages, order: 0, highest: 0, flags: .cma,
            free: zones[zone].buddy.counters.free)
    }
}
