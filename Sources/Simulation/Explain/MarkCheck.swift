import GFP
import PageAllocator
import Topology

/// Whether zones' printed min marks follow from `min_free_kbytes`, and if not, why.
public struct MarkCheck: Hashable, Sendable {
    public enum Finding: String, Hashable, Sendable {
        case follows
        /// The printed mark includes a boost, and follows without it.
        case boosted
        /// As marks worked out during boot, before the last memory was handed over, or by another rule.
        case differs
    }

    public struct Zone: Hashable, Sendable {
        public var zone: ZoneReference
        /// Pages, as `/proc/zoneinfo` prints it: with the boost, from 5.5 or so on.
        public var printed: Int
        /// Pages.
        public var expected: Int
        /// Pages, where the kernel prints it.
        public var boost: Int?
        public var finding: Finding
    }

    public let zones: [Zone]

    /// Nil where the snapshot does not say `min_free_kbytes`.
    public init?(_ snapshot: Snapshot) {
        guard let minFree = snapshot.topology.sysctls.minFreeKbytes else { return nil }
        let populated = snapshot.zones.filter { $0.span.managed > 0 && $0.watermarks != nil }
        let rules = KernelProfile(nearest: snapshot.topology.kernel).sizing
        let marks = ZoneSizing.watermarks(
            of: populated.map { ZoneSizing.Zone(kind: $0.span.kind, managed: $0.span.managed) }, minFreeKbytes: minFree,
            scaleFactor: snapshot.topology.sysctls.watermarkScaleFactor, pageSize: snapshot.topology.pageSize,
            rules: rules)
        zones = zip(populated, marks).map { zone, expected in
            let values = zone.watermarks ?? WatermarkValues(min: 0, low: 0, high: 0)
            return Self.judge(zone.span.reference, values, expected)
        }
    }

    /// A boost that the kernel did not print raises all three marks alike, so that their distances stay.
    private static func judge(_ zone: ZoneReference, _ values: WatermarkValues, _ expected: WatermarkValues) -> Zone {
        let printed = values.min + values.boost
        let tolerance = max(2, expected.min / 16)
        let isNear = { (pages: Int) in abs(pages - expected.min) <= tolerance }
        var boost: Int? = values.boost > 0 ? values.boost : nil
        let finding: Finding
        if isNear(printed) {
            finding = .follows
        } else if values.boost > 0, isNear(values.min) {
            finding = .boosted
        } else if printed > expected.min, abs((values.low - values.min) - (expected.low - expected.min)) <= tolerance {
            finding = .boosted
            boost = boost ?? printed - expected.min
        } else {
            finding = .differs
        }
        return Zone(zone: zone, printed: printed, expected: expected.min, boost: boost, finding: finding)
    }
}
