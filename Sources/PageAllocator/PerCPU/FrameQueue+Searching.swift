import BuddyEngine

/// Finding a block, and taking it from the middle, to follow a recorded machine. O(entries), without allocation.
extension FrameQueue {
    /// Where a block is: its entry, counted from the head, and its place among the entry's blocks.
    struct Place {
        var entry: UInt32
        var block: Int
        /// How many blocks are nearer to the head.
        var before: Int
    }

    /// The place of the block of this order that contains a page; nil if there is none.
    func place(holding frame: PageFrame, order: Order) -> Place? {
        var before = 0
        for entry in 0..<count {
            let run = self[entry]
            let distance = frame.rawValue &- run.frame.rawValue
            if distance < UInt64(truncatingIfNeeded: (run.following &+ 1) &* order.pages) {
                let block = Int(distance >> UInt64(order.rawValue))
                return Place(entry: entry, block: block, before: before + block)
            }
            before += run.following + 1
        }
        return nil
    }

    /// The place of the block of this order that begins with a page; nil if there is none.
    func place(of frame: PageFrame, order: Order) -> Place? {
        guard let place = place(holding: frame, order: order),
            self[place.entry].frame + place.block * order.pages == frame
        else { return nil }
        return place
    }

    /// Removes a block; returns false if it is not there.
    mutating func remove(_ frame: PageFrame, order: Order) -> Bool {
        guard let place = place(of: frame, order: order) else { return false }
        let run = self[place.entry]
        let rest = run.following - place.block
        let behind = TakenBlock(frame: run.frame + (place.block + 1) * order.pages, type: run.type)
        switch (place.block > 0, rest > 0) {
        case (false, false): close(place.entry)
        case (true, false): self[place.entry].packed = run.packed &- Run.oneMore
        case (false, true): self[place.entry] = Run(behind, count: rest)
        case (true, true):
            self[place.entry] = Run(TakenBlock(frame: run.frame, type: run.type), count: place.block)
            open(place.entry + 1)
            self[place.entry + 1] = Run(behind, count: rest)
        }
        return true
    }

    private subscript(entry: UInt32) -> Run {
        get { storage.unsafelyUnwrapped[Int((head &+ entry) & mask)] }
        set { storage.unsafelyUnwrapped[Int((head &+ entry) & mask)] = newValue }
    }

    /// Removes an entry and moves those after it forward.
    private mutating func close(_ entry: UInt32) {
        for index in entry..<(count - 1) { self[index] = self[index + 1] }
        count -= 1
    }

    /// Makes room for an entry by moving those from it on back.
    private mutating func open(_ entry: UInt32) {
        if isFull { grow() }
        count += 1
        for index in stride(from: count - 1, to: entry, by: -1) { self[index] = self[index - 1] }
    }
}
