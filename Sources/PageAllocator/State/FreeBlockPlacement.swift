import BuddyEngine
import Topology

/// Finds places for free blocks of which only the numbers are known, so that no two of them would have merged.
///
/// Each free block is half of a larger chunk whose other half is in use or contains smaller free blocks; the largest
/// are placed first. Each pageblock is given to one type. Where the numbers allow no such arrangement (a zone almost
/// entirely free), adjacent blocks are used after all.
struct FreeBlockPlacement {
    private let top: Int
    private let pageblock: Int
    /// Runs of untouched chunks of the largest order, used from their ends.
    private var untouched: [FreeList.Run] = []
    /// By order: chunks in which nothing is free and that belong to no type, including pieces at the ragged ends of
    /// ranges.
    private var spare: [[PageFrame]]
    /// By order: pieces that have no buddy within their range.
    private var ragged: [[PageFrame]]
    /// By type and order: chunks in that type's pageblocks in which nothing is free, though their buddy may be.
    private var owned: [[[PageFrame]]]
    /// Pageblocks given to a type other than movable.
    private(set) var pageblocks: [(first: PageFrame, type: Migratetype)] = []

    init(ranges: [Range<PageFrame>], maximumOrder: Order, pageblockOrder: Order) {
        top = Int(maximumOrder.rawValue)
        pageblock = min(Int(pageblockOrder.rawValue), top)
        spare = Array(repeating: [], count: top + 1)
        ragged = Array(repeating: [], count: top + 1)
        owned = Array(repeating: Array(repeating: [], count: top + 1), count: Migratetype.count)
        for range in ranges { add(range) }
    }

    private mutating func add(_ range: Range<PageFrame>) {
        var frame = range.lowerBound
        while frame < range.upperBound {
            let alignment = frame.rawValue == 0 ? top : min(top, frame.rawValue.trailingZeroBitCount)
            let left = range.upperBound - frame
            if alignment == top, left >= 1 << top {
                untouched.append(FreeList.Run(first: frame, count: left >> top))
                frame = frame + (left >> top) << top
            } else {
                let order = min(alignment, Int.bitWidth - 1 - left.leadingZeroBitCount)
                ragged[order].append(frame)
                frame = frame + 1 << order
            }
        }
    }

    /// Places `count` blocks; must be called with the largest order first. Nil if there is no room.
    mutating func place(_ count: Int, order: Int, type: Migratetype) -> FreeList? {
        var runs: [FreeList.Run] = []
        var left = count
        if order == top {
            while left > 0, var run = untouched.popLast() {
                let used = min(left, run.count)
                run.count -= used
                let first = run.first + run.count << top
                runs.insert(FreeList.Run(first: first, count: used), at: 0)
                if type != .movable { claim(first, pages: used << top, for: type) }
                if run.count > 0 { untouched.append(run) }
                left -= used
            }
        }
        var frames: [PageFrame] = []
        frames.reserveCapacity(left)
        while left > 0, let frame = placeOne(order, type) {
            frames.append(frame)
            left -= 1
        }
        guard left == 0 else { return nil }
        frames.sort()
        return FreeList(
            order: Order(order), type: type,
            runs: FreeList(order: Order(order), type: type, frames: frames).runs + runs)
    }

    private mutating func placeOne(_ order: Int, _ type: Migratetype) -> PageFrame? {
        if type == .movable, let piece = ragged[order].popLast() { return piece }
        if order < top, let parent = chunk(order + 1, type) {
            owned[Int(type.rawValue)][order].append(parent + 1 << order)
            return parent
        }
        if let piece = ragged[order].popLast() { return piece }
        if let larger = ragged.indices.first(where: { $0 > order && !ragged[$0].isEmpty }) {
            let piece = ragged[larger].removeLast()
            owned[Int(type.rawValue)][order].append(piece + 1 << order)
            for half in (order + 1)..<larger { ragged[half].append(piece + 1 << half) }
            return piece
        }
        for other in Migratetype.allCases where other != type && order < top {
            guard let parent = chunk(order + 1, other) else { continue }
            owned[Int(other.rawValue)][order].append(parent + 1 << order)
            return parent
        }
        // Two free single pages next to each other would be one block.
        return order == 0 ? nil : owned[Int(type.rawValue)][order].popLast()
    }

    /// A chunk of an order in which nothing is free, in pageblocks of `type`.
    private mutating func chunk(_ order: Int, _ type: Migratetype) -> PageFrame? {
        if let frame = owned[Int(type.rawValue)][order].popLast() { return frame }
        if order < pageblock, let larger = chunk(order + 1, type) {
            owned[Int(type.rawValue)][order].append(larger + 1 << order)
            return larger
        }
        if order >= pageblock, let frame = spareChunk(order) {
            if type != .movable { claim(frame, pages: 1 << order, for: type) }
            return frame
        }
        return nil
    }

    private mutating func spareChunk(_ order: Int) -> PageFrame? {
        if let frame = spare[order].popLast() { return frame }
        if order == top {
            guard var run = untouched.popLast() else { return nil }
            run.count -= 1
            if run.count > 0 { untouched.append(run) }
            return run.first + run.count << top
        }
        guard let larger = spareChunk(order + 1) else { return nil }
        spare[order].append(larger + 1 << order)
        return larger
    }

    private mutating func claim(_ first: PageFrame, pages: Int, for type: Migratetype) {
        for index in 0..<(pages >> pageblock) { pageblocks.append((first + index << pageblock, type)) }
    }

    /// Gives pageblocks without free blocks to types, until each has as many as `counts` says or none are left.
    mutating func assignRest(_ counts: [Migratetype: Int]) {
        for type in Migratetype.allCases where type != .movable {
            let has = pageblocks.reduce(0) { $0 + ($1.type == type ? 1 : 0) }
            for _ in 0..<max(0, (counts[type] ?? 0) - has) {
                guard let frame = spareChunk(pageblock) else { return }
                pageblocks.append((frame, type))
            }
        }
    }
}
