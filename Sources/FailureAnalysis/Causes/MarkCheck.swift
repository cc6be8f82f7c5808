import GFP
import PageAllocator
import Topology

/// Whether zones' printed min marks follow from `min_free_kbytes`, and if not, why.
public struct MarkCheck: Hashable, Sendable {
    /// How a mark relates to `min_free_kbytes`.
    public enum Finding: String, Hashable, Sendable {
        case follows
        /// The printed mark includes a boost, and follows without it.
        case boosted
        /// It follows another rule, or was computed during boot before all memory had been handed over.
        case differs
    }

    /// One zone's mark.
    public struct Zone: Hashable, Sendable {
        /// The zone.
        public var zone: ZoneReference
        /// The min mark as it is tested, in pages, including the boost.
        public var mark: Int
        /// The mark that follows from `min_free_kbytes`, in pages.
        public var expected: Int
        /// In pages; as printed, or as inferred from the marks of a kernel that does not print it.
        public var boost: Int
        /// How the mark relates to `min_free_kbytes`.
        public var finding: Finding
    }

    /// The zones with marks.
    public let zones: [Zone]
    /// In KiB.
    public let minFreeKbytes: Int
    /// `min_free_kbytes` is not stated, and was inferred from the zone with the lowest mark for its size.
    public let isInferred: Bool

    /// Nil if no zone has marks.
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

    /// Infers `min_free_kbytes`: zones share it by size, and a boost only raises a share, so the lowest one is without
    /// boost.
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

    /// Judges a mark. A boost raises all marks equally, so that their distances stay, and by at least a pageblock
    /// (`boost_watermark`, mm/page_alloc.c, 6.1).
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
