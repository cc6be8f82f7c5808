import GFP
import PageAllocator
import Topology

/// Whether zones' printed min marks follow from `min_free_kbytes`, and if not, why.
public struct MarkCheck: Hashable, Sendable {
    public enum Finding: String, Hashable, Sendable {
        case follows
        /// The mark printed includes a boost, and follows without it.
        case boosted
        /// By another rule, or worked out during boot, before the last memory was handed over.
        case differs
    }

    public struct Zone: Hashable, Sendable {
        public var zone: ZoneReference
        /// The min mark as it is compared, in pages: with the boost.
        public var mark: Int
        /// What `min_free_kbytes` gives the zone, in pages.
        public var expected: Int
        /// Pages; as printed, or as it shows in the marks of a kernel that does not print it.
        public var boost: Int
        public var finding: Finding
    }

    public let zones: [Zone]
    /// KiB.
    public let minFreeKbytes: Int
    /// `min_free_kbytes` was not there, and taken from the zone with the lowest mark for its size.
    public let isInferred: Bool

    /// Nil where no zone has marks.
    public init?(_ snapshot: Snapshot) {
        let populated = snapshot.zones.filter { $0.span.managed > 0 && $0.watermarks != nil }
        guard !populated.isEmpty else { return nil }
        let known = snapshot.topology.sysctls.minFreeKbytes
        guard let minFree = known ?? Self.inferred(populated, pageSize: snapshot.topology.pageSize) else { return nil }
        let profile = (try? KernelProfile(of: snapshot.topology)) ?? KernelProfile(nearest: snapshot.topology.kernel)
        let marks = ZoneSizing.watermarks(
            of: populated.map { ZoneSizing.Zone(kind: $0.span.kind, managed: $0.span.managed) }, minFreeKbytes: minFree,
            scaleFactor: snapshot.topology.sysctls.watermarkScaleFactor, pageSize: snapshot.topology.pageSize,
            rules: profile.sizing)
        minFreeKbytes = minFree
        isInferred = known == nil
        zones = zip(populated, marks).map { zone, expected in
            Self.judge(
                zone.span.reference, zone.watermarks ?? expected, expected,
                pageblock: snapshot.topology.pageblockOrder.pages)
        }
    }

    /// Zones share `min_free_kbytes` by size, and a boost only raises a share: the lowest is the plain one.
    private static func inferred(_ zones: [ZoneSnapshot], pageSize: Int) -> Int? {
        let low = zones.filter { $0.span.kind < .highMem }
        let large = low.filter { $0.span.managed >= 1 << 15 }
        let shares = (large.isEmpty ? low : large).compactMap { zone in
            zone.watermarks.map { Double($0.min) / Double(zone.span.managed) }
        }
        guard let share = shares.min(), share > 0 else { return nil }
        let managed = low.reduce(0) { $0 + $1.span.managed }
        return Int(exactly: (share * Double(managed) * Double(max(1, pageSize / 1024))).rounded())
    }

    /// A boost raises all marks alike, so that their distances stay, and by a pageblock at least (`boost_watermark`,
    /// mm/page_alloc.c, 6.1).
    private static func judge(
        _ zone: ZoneReference, _ marks: WatermarkValues, _ expected: WatermarkValues, pageblock: Int
    ) -> Zone {
        let mark = marks.min + marks.boost
        let tolerance = max(3, expected.min / 12)
        func isNear(_ pages: Int, _ other: Int) -> Bool { abs(pages - other) <= tolerance }
        var result = Zone(zone: zone, mark: mark, expected: expected.min, boost: marks.boost, finding: .differs)
        if marks.boost > 0, isNear(marks.min, expected.min) {
            result.finding = .boosted
        } else if isNear(mark, expected.min) {
            result.finding = .follows
        } else if mark + tolerance >= expected.min + pageblock,
            isNear(marks.low - marks.min, expected.low - expected.min)
        {
            result.finding = .boosted
            result.boost = mark - expected.min
        }
        return result
    }
}
