import BuddyEngine
import PageAllocator

/// The blocks that a scenario has allocated, by group. Shared by the steps and the reclaim hook.
final class BlockGroups {
    /// Blocks in order of allocation, oldest first.
    final class Group {
        /// Page frame and order, packed.
        var blocks: [UInt64] = []
        /// Blocks before this index have been freed by reclaim.
        var head = 0
        /// Blocks that a `free` step is about to free, the next one last.
        private var leaving: [UInt64] = []

        var count: Int { blocks.count - head }

        /// All blocks that have not been freed.
        var held: some Sequence<(frame: PageFrame, order: Order)> {
            [blocks[head...], leaving[...]].joined().lazy.map { BlockGroups.unpack($0) }
        }

        var pages: Int { held.reduce(0) { $0 + $1.order.pages } }

        func append(_ frame: PageFrame, _ order: Order) { blocks.append(BlockGroups.pack(frame, order)) }

        func takeOldest() -> (frame: PageFrame, order: Order)? {
            guard count > 0 else { return nil }
            head += 1
            return BlockGroups.unpack(blocks[head - 1])
        }

        /// Removes the block at a position, counted from the oldest; the newest takes its place.
        func take(_ position: Int) -> (frame: PageFrame, order: Order) {
            let packed = blocks[head + position]
            blocks[head + position] = blocks[blocks.count - 1]
            blocks.removeLast()
            return BlockGroups.unpack(packed)
        }

        /// Chooses the blocks that a `free` step frees: ``takeLeaving()`` removes them one by one, in order.
        func chooseLeaving(where isTaken: (Int) -> Bool) { leaving = takeAll(where: isTaken).reversed() }

        /// Chooses the newest blocks, which ``takeLeaving()`` removes newest first.
        func chooseNewest(_ number: Int) {
            let number = min(number, count)
            leaving = Array(blocks.suffix(number))
            blocks.removeLast(number)
        }

        func takeLeaving() -> (frame: PageFrame, order: Order)? { leaving.popLast().map { BlockGroups.unpack($0) } }

        var hasLeaving: Bool { !leaving.isEmpty }

        /// Returns blocks that were chosen but not freed to the group, as its oldest, because the step ends early.
        func keepLeaving() {
            guard !leaving.isEmpty else { return }
            blocks = leaving.reversed() + blocks[head...]
            head = 0
            leaving = []
        }

        /// Removes the blocks for which `isTaken` is true, in order.
        func takeAll(where isTaken: (Int) -> Bool) -> [UInt64] {
            var taken: [UInt64] = []
            var left: [UInt64] = []
            for position in 0..<count {
                if isTaken(position) {
                    taken.append(blocks[head + position])
                } else {
                    left.append(blocks[head + position])
                }
            }
            blocks = left
            head = 0
            return taken
        }
    }

    private(set) var groups: [String: Group] = [:]

    /// The group with a name, added if it is new.
    subscript(name: String) -> Group {
        if let group = groups[name] { return group }
        let group = Group()
        groups[name] = group
        return group
    }

    static func pack(_ frame: PageFrame, _ order: Order) -> UInt64 { frame.rawValue << 4 | UInt64(order.rawValue) }

    static func unpack(_ packed: UInt64) -> (frame: PageFrame, order: Order) {
        (PageFrame(rawValue: packed >> 4), Order(rawValue: UInt8(packed & 15)))
    }
}

/// Frees pages of a group, oldest first, a fixed number in each call.
final class GroupReclaim: ReclaimHook {
    private let groups: BlockGroups
    private let name: String
    private let pages: Int

    init(_ groups: BlockGroups, name: String, pages: Int) {
        self.groups = groups
        self.name = name
        self.pages = pages
    }

    func reclaim(_ call: ReclaimCall, in machine: inout Machine) -> Int {
        var freed = 0
        while freed < pages, let block = groups[name].takeOldest() {
            machine.free(block.frame, order: block.order)
            freed += block.order.pages
        }
        return freed
    }
}
