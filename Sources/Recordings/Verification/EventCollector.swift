import BuddyEngine
import GFP
import PageAllocator
import Topology

/// Records a request's events as words, to be compared with a recording's.
///
/// Copies share their words: keep only one.
struct EventCollector: AllocationObserver {
    static var wantsLooks: Bool { false }

    private let storage: WordStorage
    /// A copy of ``storage``'s pointer, which saves following the reference for each word.
    private var base: UnsafeMutablePointer<UInt64>
    private var capacity: Int
    private var count = 0
    private(set) var walks = 0
    /// The flags of the first walk.
    private(set) var firstFlags = AllocFlags()
    private let zoneIndex: InlineArray<6, UInt64>
    private let largestListOrder: Order
    /// The order above 3 that per-CPU lists have; 0: none.
    private let hugePageOrder: Order
    private let reportsTypeAskedFor: Bool
    /// The type of the request being served.
    private var typeAskedFor = Migratetype.unmovable

    /// Owns the words' memory.
    private final class WordStorage {
        var base: UnsafeMutablePointer<UInt64>

        init(capacity: Int) { base = .allocate(capacity: capacity) }

        deinit { base.deallocate() }
    }

    init(kinds: [ZoneKind], hugePageOrder: Order?, profile: KernelProfile) {
        largestListOrder = profile.perCPU.largestOrder
        self.hugePageOrder = profile.perCPU.holdsHugePages ? hugePageOrder ?? 0 : 0
        reportsTypeAskedFor = profile.walk.reportsTypeAskedFor
        zoneIndex = InlineArray { position in
            UInt64(kinds.firstIndex { Int($0.rawValue) == position } ?? 0)
        }
        capacity = 1 << 12
        storage = WordStorage(capacity: capacity)
        base = storage.base
    }

    /// Begins the next request, whose mobility is `type`.
    mutating func clear(for type: Migratetype = .unmovable) {
        typeAskedFor = type
        count = 0
        walks = 0
        firstFlags = []
    }

    /// Where the words begin that a recording would have: a single successful walk is omitted.
    private func start(succeeded: Bool) -> Int { walks == 1 && succeeded ? EventWords.walk.length + 1 : 0 }

    /// The words that a recording would have.
    func words(succeeded: Bool) -> [UInt64] {
        Array(UnsafeBufferPointer(start: base, count: count)[start(succeeded: succeeded)...])
    }

    /// Whether the words are equal to `expected`.
    @inline(__always)
    func hasJust(_ expected: Slice<UnsafeBufferPointer<UInt64>>, succeeded: Bool) -> Bool {
        let start = start(succeeded: succeeded)
        guard expected.count == count - start else { return false }
        var position = start
        for word in expected {
            if base[position] != word { return false }
            position += 1
        }
        return true
    }

    /// Makes room for an event and writes its kind.
    @inline(__always)
    private mutating func begin(_ kind: EventWords) {
        if count + kind.length + 1 > capacity { grow() }
        add(kind.rawValue)
    }

    @inline(__always)
    private mutating func add(_ word: UInt64) {
        base[count] = word
        count &+= 1
    }

    private mutating func grow() {
        let bigger = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity * 2)
        bigger.update(from: base, count: count)
        base.deallocate()
        storage.base = bigger
        base = bigger
        capacity *= 2
    }

    mutating func tookBlock(_ frame: PageFrame, order: Order, type: Migratetype) {
        let type = reportsTypeAskedFor ? typeAskedFor : type
        let isPerCPUKind =
            (order <= largestListOrder || order == hugePageOrder) && type.rawValue < Migratetype.perCPUCount
        begin(.tookBlock)
        add(UInt64(order.rawValue))
        add(UInt64(type.rawValue))
        add(isPerCPUKind ? 1 : 0)
        add(frame.rawValue)
    }

    mutating func fellBack(_ fallback: FallbackEvent) {
        begin(.fellBack)
        add(fallback.frame.rawValue)
        add(UInt64(fallback.order.rawValue))
        add(UInt64(fallback.foundOrder.rawValue))
        add(UInt64(fallback.wanted.rawValue))
        add(UInt64(fallback.takenFrom.rawValue))
        add(UInt64(fallback.pageblockType.rawValue))
    }

    mutating func drained(_ frame: PageFrame, order: Order, type: Migratetype) {
        begin(.drained)
        add(UInt64(order.rawValue))
        add(UInt64(type.rawValue))
        add(frame.rawValue)
    }

    mutating func beganWalk(_ flags: AllocFlags) {
        if walks == 0 { firstFlags = flags }
        walks += 1
        begin(.walk)
        add(UInt64(flags.rawValue))
    }

    mutating func restartedWalk(_ flags: AllocFlags) {}

    mutating func judged(_ look: ZoneLook) {}

    mutating func passedOver(_ zone: ZoneReference, because reason: PassOverReason) {}

    mutating func wokeKswapd(_ wake: KswapdWake) {
        begin(.wakeKswapd)
        add(UInt64(wake.node.rawValue))
        add(zoneIndex[Int(wake.zone.rawValue)])
        add(UInt64(wake.order.rawValue))
        add(UInt64(wake.highestZoneIndex))
    }

    mutating func reclaimed(_ call: ReclaimCall, freed pages: Int) {}
}
