import BuddyEngine
import GFP
import Topology

/// How watermarks, reserves and per-CPU list sizes are computed. Pure functions of amounts, all in pages unless noted.
public enum ZoneSizing {
    /// What watermarks depend on in a zone.
    public struct Zone: Hashable, Sendable {
        /// The kind of zone.
        public var kind: ZoneKind
        /// The pages that the allocator manages.
        public var managed: Int

        public init(kind: ZoneKind, managed: Int) {
            self.kind = kind
            self.managed = managed
        }
    }

    /// Watermarks of all zones of a machine (`__setup_per_zone_wmarks`).
    ///
    /// Each zone gets its share of `min_free_kbytes` as min watermark; `WatermarkSteps` says how far apart the others
    /// are.
    public static func watermarks(
        of zones: [Zone], minFreeKbytes: Int, scaleFactor: Int, pageSize: Int, rules: KernelProfile.SizingRules
    ) -> [WatermarkValues] {
        let minimum = minFreeKbytes / (pageSize / 1024)
        func isHigh(_ kind: ZoneKind) -> Bool {
            kind == .highMem || kind == .movable && rules.movableIsLikeHighMem
        }
        let lowMemory = zones.reduce(0) { isHigh($1.kind) ? $0 : $0 + $1.managed }
        return zones.map { zone in
            let share = proportion(minimum, zone.managed, max(lowMemory, 1))
            let min = isHigh(zone.kind) ? Swift.min(Swift.max(zone.managed / 1024, 32), 128) : share
            switch rules.watermarkSteps {
            case .partsOfShare:
                return WatermarkValues(min: min, low: min + share / 4, high: min + share / 2)
            case .scaleFactor:
                let gap = max(share / 4, proportion(zone.managed, scaleFactor, 10_000))
                return WatermarkValues(
                    min: min, low: min + gap, high: min + 2 * gap, promo: rules.hasPromoMark ? min + 3 * gap : nil)
            }
        }
    }

    /// What each zone of a node holds back, by the highest zone index of a request (`setup_per_zone_lowmem_reserve`).
    ///
    /// - Parameters:
    ///   - managed: The node's managed pages by zone index, 0 for zones that it lacks.
    ///   - ratios: By zone index; 0 holds nothing back.
    public static func lowmemReserves(managed: [Int], ratios: [Int]) -> [[Int]] {
        managed.indices.map { lower in
            var above = 0
            return managed.indices.map { upper in
                guard upper > lower else { return 0 }
                above += managed[upper]
                return ratios[lower] == 0 || managed[lower] == 0 ? 0 : above / ratios[lower]
            }
        }
    }

    /// The sizes of a zone's per-CPU lists.
    public struct Pageset: Hashable, Sendable {
        /// How many pages move between lists and zone at a time.
        public var batch: Int
        /// The least that the lists may hold before they are drained.
        public var highMin: Int
        /// The most that it may become; equal to ``highMin`` if the kernel or the administrator sets one limit.
        public var highMax: Int

        init(batch: Int, highMin: Int, highMax: Int) {
            self.batch = batch
            self.highMin = highMin
            self.highMax = highMax
        }

        init(batch: Int, high: Int) { self.init(batch: batch, highMin: high, highMax: high) }
    }

    /// Computes the sizes of a zone's per-CPU lists (`zone_batchsize` and `pageset_set_high_and_batch`, 5.10;
    /// `zone_highsize` and `zone_set_pageset_high_and_batch` since).
    ///
    /// - Parameters:
    ///   - managed: The zone's managed pages.
    ///   - low: The zone's low watermark.
    ///   - cpusOfNode: The number of CPUs of the zone's node.
    ///   - onlineCPUs: The number of all CPUs, which share the lists if the node has none.
    ///   - highFraction: `vm.percpu_pagelist_high_fraction`, up to 5.13 `vm.percpu_pagelist_fraction`; 0: not set.
    ///   - pageSize: In bytes.
    ///   - rules: The kernel's rules.
    public static func pageset(
        managed: Int, low: Int, cpusOfNode: Int, onlineCPUs: Int, highFraction: Int, pageSize: Int,
        rules: KernelProfile.PerCPURules
    ) -> Pageset {
        let quarter = max(min(managed >> 10, rules.batchKibibytes << 10 / pageSize) / 4, 1)
        let raised = quarter + quarter / 2
        let unraised = 1 << (Int.bitWidth - 1 - raised.leadingZeroBitCount) - 1
        let batch = max(unraised, 1)
        let cpus = max(cpusOfNode > 0 ? cpusOfNode : onlineCPUs, 1)
        func high(_ pages: Int) -> Int { max(pages / cpus, batch << 2) }
        let sizes: Pageset
        switch (rules.high, highFraction > 0) {
        case (.sixBatches, false): sizes = Pageset(batch: batch, high: 6 * unraised)
        case (.sixBatches, true):
            let size = managed / highFraction
            let most = pageSize.trailingZeroBitCount * 8
            sizes = Pageset(batch: min(max(size / 4, 1), most), high: size)
        case (.lowWatermark, false): sizes = Pageset(batch: batch, high: high(low))
        case (.lowWatermarkToEighth, false):
            sizes = Pageset(batch: batch, highMin: high(low), highMax: high(managed / 8))
        case (.lowWatermark, true), (.lowWatermarkToEighth, true):
            sizes = Pageset(batch: batch, high: high(managed / highFraction))
        }
        return sizes
    }

    /// How many pages a CPU counts by itself before the zone's counter is updated (`calculate_normal_threshold`,
    /// mm/vmstat.c).
    public static func counterThreshold(managed: Int, onlineCPUs: Int, pageSize: Int) -> Int {
        func bitLength(_ value: Int) -> Int { Int.bitWidth - value.leadingZeroBitCount }
        let units = managed / ((1 << 27) / pageSize)
        return min(125, 2 * bitLength(onlineCPUs) * (1 + bitLength(units)))
    }

    /// Below how many free pages a balance test adds up the CPUs' shares of the counter; 0 if their sum cannot be
    /// misleading (`refresh_zone_stat_thresholds`, mm/vmstat.c).
    public static func driftMark(_ watermarks: WatermarkValues, threshold: Int, onlineCPUs: Int) -> Int {
        let drift = onlineCPUs * threshold
        return drift > watermarks.low - watermarks.min ? watermarks.high + watermarks.boost + drift : 0
    }

    /// `factor * numerator / denominator`, rounded down, without overflow.
    static func proportion(_ factor: Int, _ numerator: Int, _ denominator: Int) -> Int {
        let product = factor.multipliedFullWidth(by: numerator)
        return denominator.dividingFullWidth(product).quotient
    }
}
