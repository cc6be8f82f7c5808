import BuddyEngine
import PageAllocator

/// A checksum of a machine's free lists, per-CPU lists, watermarks and reclaim threads, cheap enough to be computed
/// after every event. By it, a program that repeats the events on a copy can tell whether the copy is still the same.
///
/// FNV-1a over 32-bit numbers. For each zone: by order, the number of free blocks, and for each list that is not empty
/// its number (8 · order + type) and its first and last page frame; the pages on each CPU's lists; min, low, high,
/// boost. Then, for each node, whether its reclaim thread is awake.
public struct StateDigest {
    /// The checksum.
    public private(set) var value: UInt32 = 2_166_136_261

    /// Computes the checksum of a machine's state.
    public init(_ machine: borrowing Machine) {
        for position in 0..<machine.zoneCount {
            machine.withZone(position) { zone in add(zone) }
        }
        for thread in machine.kswapd { add(thread.isAsleep ? 0 : 1) }
    }

    private mutating func add(_ zone: borrowing Zone) {
        for raw in 0...zone.buddy.maximumOrder.rawValue {
            let order = Order(rawValue: raw)
            let blocks = zone.buddy.freeBlocks(order)
            add(UInt64(blocks))
            guard blocks > 0 else { continue }
            for type in Migratetype.allCases {
                guard let ends = zone.buddy.listEnds(order: order, type: type) else { continue }
                add(UInt64(raw) * 8 + UInt64(type.rawValue))
                add(ends.first.rawValue)
                add(ends.last.rawValue)
            }
        }
        for (cpu, pages) in zone.perCPUCounts {
            add(UInt64(cpu))
            add(UInt64(pages))
        }
        let marks = ZoneMarks(zone)
        for pages in [marks.min, marks.low, marks.high, marks.boost] { add(UInt64(pages)) }
    }

    private mutating func add(_ number: UInt64) {
        value = (value ^ UInt32(truncatingIfNeeded: number)) &* 16_777_619
    }
}
