import BuddyEngine
import GFP
import PageAllocator
import Topology

/// Writes what a request does down as words, to be compared with a recording's.
struct EventCollector: AllocationObserver {
    static var wantsLooks: Bool { false }

    private(set) var words: [UInt64] = []
    private(set) var walks = 0
    /// The first walk's.
    private(set) var firstFlags = AllocFlags()
    private let zoneIndex: InlineArray<6, UInt64>

    init(kinds: [ZoneKind]) {
        zoneIndex = InlineArray { position in
            UInt64(kinds.firstIndex { Int($0.rawValue) == position } ?? 0)
        }
        words.reserveCapacity(1 << 16)
    }

    mutating func clear() {
        words.removeAll(keepingCapacity: true)
        walks = 0
        firstFlags = []
    }

    /// Where the words begin that a recording has: one walk that succeeded is left out.
    func start(succeeded: Bool) -> Int { walks == 1 && succeeded ? EventWords.walk.length + 1 : 0 }

    mutating func tookBlock(_ frame: PageFrame, order: Order, type: Migratetype) {
        let isPerCPUKind = (order <= 3 || order == 9) && type.rawValue < Migratetype.perCPUCount
        words.append(EventWords.tookBlock.rawValue)
        words.append(UInt64(order.rawValue))
        words.append(UInt64(type.rawValue))
        words.append(isPerCPUKind ? 1 : 0)
        words.append(frame.rawValue)
    }

    mutating func fellBack(_ fallback: FallbackEvent) {
        words.append(EventWords.fellBack.rawValue)
        words.append(fallback.frame.rawValue)
        words.append(UInt64(fallback.order.rawValue))
        words.append(UInt64(fallback.foundOrder.rawValue))
        words.append(UInt64(fallback.wanted.rawValue))
        words.append(UInt64(fallback.takenFrom.rawValue))
        words.append(UInt64(fallback.pageblockType.rawValue))
    }

    mutating func drained(_ frame: PageFrame, order: Order, type: Migratetype) {
        words.append(EventWords.drained.rawValue)
        words.append(UInt64(order.rawValue))
        words.append(UInt64(type.rawValue))
        words.append(frame.rawValue)
    }

    mutating func beganWalk(_ flags: AllocFlags) {
        if walks == 0 { firstFlags = flags }
        walks += 1
        words.append(EventWords.walk.rawValue)
        words.append(UInt64(flags.rawValue))
    }

    mutating func restartedWalk(_ flags: AllocFlags) {}

    mutating func judged(_ look: ZoneLook) {}

    mutating func passedOver(_ zone: ZoneReference, because reason: PassOverReason) {}

    mutating func wokeKswapd(_ wake: KswapdWake) {
        words.append(EventWords.wakeKswapd.rawValue)
        words.append(UInt64(wake.node.rawValue))
        words.append(zoneIndex[Int(wake.zone.rawValue)])
        words.append(UInt64(wake.order.rawValue))
        words.append(UInt64(wake.highestZoneIndex))
    }

    mutating func reclaimed(_ call: ReclaimCall, freed pages: Int) {}
}
