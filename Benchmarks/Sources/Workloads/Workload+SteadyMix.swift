import KernelShapedComparator

extension Workload {
    /// Memory filled to 70 % with blocks of mixed orders, then `operations` that keep it there: a take of a drawn order
    /// while there is less, a free of a drawn block while there is more.
    ///
    /// Which of the two comes depends on how much was refused, for large blocks are rare in long-used memory. So the
    /// comparator runs along as the operations are drawn. A refused block keeps its slot until that is drawn to be
    /// freed, and then does nothing, on every side.
    public static func steadyMix(name: String, pages: Int, operations: Int, seed: UInt64) -> Workload {
        guard let zone = comparator_create(firstFrame, UInt64(pages)) else {
            fatalError("no memory for the comparator's \(pages * 64) bytes of page records")
        }
        defer { comparator_destroy(zone) }
        var draw = Draw(zone: zone, target: pages * 7 / 10, generator: SeededGenerator(seed: seed))

        var preparation: [Operation] = []
        while draw.used < draw.target { preparation.append(draw.take()) }
        var measured: [Operation] = []
        measured.reserveCapacity(operations)
        for _ in 0..<operations { measured.append(draw.used < draw.target ? draw.take() : draw.free()) }

        return Workload(
            name: name, about: "steady mix at 70 % of \(describe(pages))", pages: pages, preparation: preparation,
            measured: measured, slots: draw.slots)
    }
}

/// A drawing of operations under way.
private struct Draw {
    struct Block {
        var slot: Int
        var order: Int
        /// `comparator_refused` where there is none.
        var frame: UInt64
    }

    let zone: OpaquePointer
    /// The number of pages to be in use.
    let target: Int
    var generator: SeededGenerator
    var held: [Block] = []
    var unusedSlots: [Int] = []
    var slots = 0
    var used = 0

    mutating func take() -> Operation {
        let order = generator.nextOrder()
        let slot: Int
        if let last = unusedSlots.popLast() {
            slot = last
        } else {
            slot = slots
            slots += 1
        }
        let frame = comparator_take(zone, UInt32(order), UInt32(comparator_movable))
        if frame != comparator_refused { used += 1 << order }
        held.append(Block(slot: slot, order: order, frame: frame))
        return .take(order: order, slot: slot)
    }

    mutating func free() -> Operation {
        let victim = generator.next(below: held.count)
        held.swapAt(victim, held.count - 1)
        let block = held.removeLast()
        if block.frame != comparator_refused {
            comparator_free(zone, block.frame, UInt32(block.order))
            used -= 1 << block.order
        }
        unusedSlots.append(block.slot)
        return .free(order: block.order, slot: block.slot)
    }
}
