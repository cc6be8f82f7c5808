extension BuddySpan {
    /// The type of the pageblock that a page is in.
    @inlinable @inline(__always)
    public func pageblockType(of frame: PageFrame) -> Migratetype { pageblockType(at: offset(of: frame)) }

    @inlinable @inline(__always)
    func pageblockType(at offset: PageOffset) -> Migratetype {
        let stored = pageblockTypes.base[Int(offset.rawValue) &>> pageblockShift]
        return Migratetype(stored: stored ^ 1)
    }

    /// Sets the type of one pageblock, leaving its free blocks on the lists they are on.
    public mutating func setPageblockType(of frame: PageFrame, to type: Migratetype) {
        setPageblockTypes(at: offset(of: frame), order: pageblockShift, type: type)
    }

    /// Sets the types of all pageblocks of a block of pageblock order or larger.
    @inlinable
    mutating func setPageblockTypes(at offset: PageOffset, order: Int, type: Migratetype) {
        let first = Int(offset.rawValue &>> UInt32(truncatingIfNeeded: pageblockShift))
        for index in first..<(first &+ 1 &<< (order &- pageblockShift)) {
            pageblockTypes.base[index] = type.rawValue ^ 1
        }
    }

    /// Marks pages in use, as far as they are in the span, as movable (`PageLRU`, `__PageMovable`): they count for a
    /// movable request that would claim their pageblock, and against any other.
    public mutating func markMovable(_ pages: Range<PageFrame>) {
        hasMovableMarks = true
        forEachMarkWord(pages) { word, bits in movableMarks.base[word] |= bits }
    }

    /// Makes frees check for marks even before there are any.
    public mutating func expectMovableMarks() { hasMovableMarks = true }

    /// Reverses ``markMovable(_:)``, as freeing a page does.
    public mutating func clearMovable(_ pages: Range<PageFrame>) {
        guard hasMovableMarks else { return }
        forEachMarkWord(pages) { word, bits in movableMarks.base[word] &= ~bits }
    }

    /// Pages marked as movable in a range of the span.
    public func movablePages(in pages: Range<PageFrame>) -> Int {
        guard hasMovableMarks else { return 0 }
        var sum = 0
        forEachMarkWord(pages) { word, bits in sum += (movableMarks.base[word] & bits).nonzeroBitCount }
        return sum
    }

    /// Whether a page in use is marked as movable.
    public func isMarkedMovable(_ frame: PageFrame) -> Bool {
        let page = Int(offset(of: frame).rawValue)
        return hasMovableMarks && movableMarks.base[page >> 6] >> UInt64(page & 63) & 1 == 1
    }

    /// Calls `body` for each word of the marks of `pages`, as far as they are in the span.
    private func forEachMarkWord(_ pages: Range<PageFrame>, _ body: (Int, UInt64) -> Void) {
        let pages = pages.clamped(to: range)
        guard !pages.isEmpty else { return }
        let first = Int(offset(of: pages.lowerBound).rawValue)
        let last = first + (pages.upperBound - pages.lowerBound) - 1
        for word in (first >> 6)...(last >> 6) {
            let low = word == first >> 6 ? first & 63 : 0
            let high = word == last >> 6 ? last & 63 : 63
            body(word, (UInt64.max >> UInt64(63 - high)) & (UInt64.max << UInt64(low)))
        }
    }

    /// The lowest free block that begins in a range.
    @usableFromInline
    func nextFreeBlock(in part: OffsetRange) -> (offset: PageOffset, order: Int)? {
        var pair = Int(part.first / 2)
        let endPair = Int((part.end + 1) / 2)
        while pair < endPair {
            let state = states.base[pair]
            if state != .none {
                let page = UInt64(pair) * 2 + (state.isOdd ? 1 : 0)
                if page >= part.first && page < part.end {
                    return (PageOffset(rawValue: UInt32(page)), state.order)
                }
            }
            pair += 1
        }
        return nil
    }
}

extension BuddySpan {
    /// Runs of pageblocks of one type, ascending; the first may begin before the span.
    ///
    /// O(pageblocks).
    public func pageblockRuns() -> [(first: PageFrame, count: Int, type: Migratetype)] {
        let size = pageblockOrder.pages
        var runs: [(first: PageFrame, count: Int, type: Migratetype)] = []
        var frame = PageFrame(rawValue: range.lowerBound.rawValue & ~UInt64(size - 1))
        func add(_ count: Int, _ type: Migratetype) {
            if runs.last?.type == type {
                runs[runs.count - 1].count += count
            } else {
                runs.append((frame, count, type))
            }
            frame = frame + count * size
        }
        let words = UnsafeRawPointer(pageblockTypes.base)
        while frame < range.upperBound {
            let index = Int((frame.rawValue - base) >> UInt64(pageblockShift))
            let isWord = index % 8 == 0 && range.upperBound - frame >= 8 * size
            // Eight movable pageblocks at once: they are all zero bits.
            if isWord, words.load(fromByteOffset: index, as: UInt64.self) == 0 {
                add(8, .movable)
            } else {
                add(1, pageblockType(of: frame))
            }
        }
        return runs
    }

    /// Runs of pages marked as movable, ascending. O(pages / 64).
    public func movableRuns() -> [Range<PageFrame>] {
        guard hasMovableMarks else { return [] }
        var runs: [Range<PageFrame>] = []
        for word in 0..<Int(pageLimit / 64) where movableMarks.base[word] != 0 {
            for bit in 0..<64 where movableMarks.base[word] >> UInt64(bit) & 1 == 1 {
                let frame = PageFrame(rawValue: base + UInt64(word * 64 + bit))
                if let last = runs.last, last.upperBound == frame {
                    runs[runs.count - 1] = last.lowerBound..<(frame + 1)
                } else {
                    runs.append(frame..<(frame + 1))
                }
            }
        }
        return runs
    }
}
