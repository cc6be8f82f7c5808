import BuddyEngine

extension Machine {
    /// Pages on all free lists, and how many of them are in blocks of at least `order`. O(zones · orders).
    package func freePages(inBlocksOf order: Order) -> (free: Int, usable: Int) {
        var free = 0
        var usable = 0
        for zone in 0..<zoneCount {
            for raw in 0...maximumOrder.rawValue {
                let pages = withZone(zone) { $0.buddy.freeBlocks(Order(rawValue: raw)) } << Int(raw)
                free += pages
                if raw >= order.rawValue { usable += pages }
            }
        }
        return (free, usable)
    }

    /// Blocks on the free lists by order, in all zones.
    package var freeBlocks: [Int] {
        (0...maximumOrder.rawValue).map { order in
            (0..<zoneCount).reduce(0) { sum, zone in
                sum + withZone(zone) { $0.buddy.freeBlocks(Order(rawValue: order)) }
            }
        }
    }
}
