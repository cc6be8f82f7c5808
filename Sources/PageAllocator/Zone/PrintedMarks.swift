import Topology

/// The settings that a machine's printed watermarks follow from.
public struct PrintedMarks: Hashable, Sendable {
    /// In KiB. Several values give the same marks, because marks are whole pages.
    public let minFreeKbytes: ClosedRange<Int>
    /// `vm.watermark_scale_factor`.
    public let scaleFactor: Int

    /// Finds the settings; nil if no zone has marks, or no settings give all of them by these rules.
    ///
    /// A zone's min mark is its share of `min_free_kbytes` by size, rounded down
    /// (``ZoneSizing/watermarks(of:minFreeKbytes:scaleFactor:pageSize:rules:)``): each zone allows a range of values,
    /// and the right one is in all of the ranges.
    ///
    /// - Parameters:
    ///   - zones: All zones of the machine, with their printed marks.
    ///   - pageSize: In bytes.
    ///   - scaleFactor: The value to try first.
    ///   - rules: The rules of the kernel that printed them.
    public init?(_ zones: [ZoneSnapshot], pageSize: Int, scaleFactor: Int, rules: KernelProfile.SizingRules) {
        let known = zones.filter { $0.span.managed > 0 && $0.watermarks != nil }
        let sizes = known.map { ZoneSizing.Zone(kind: $0.span.kind, managed: $0.span.managed) }
        let low = zip(known, sizes).filter { $1.kind < .highMem || $1.kind == .movable && !rules.movableIsLikeHighMem }
        let total = low.reduce(0) { $0 + $1.1.managed }
        guard total > 0, low.count > 0, known.count == zones.filter({ $0.span.managed > 0 }).count else { return nil }
        var lowest = 0
        var highest = Int.max
        for (zone, size) in low {
            guard let min = zone.watermarks?.min, min >= 0, min < 1 << 40, size.managed <= total else { return nil }
            // Pages p with floor(p * managed / total) == min.
            lowest = max(lowest, Self.roundedUp(min, total, size.managed))
            highest = Swift.min(highest, Self.roundedUp(min + 1, total, size.managed) - 1)
        }
        guard lowest > 0, lowest <= highest, highest < 1 << 40 else { return nil }
        let unit = max(pageSize / 1024, 1)
        minFreeKbytes = lowest * unit...highest * unit + unit - 1
        let candidates = [scaleFactor] + Self.scaleFactors(of: known.map { ($0.span.managed, $0.watermarks) })
        let first = minFreeKbytes.lowerBound
        let factor = candidates.first { factor in
            let marks = ZoneSizing.watermarks(
                of: sizes, minFreeKbytes: first, scaleFactor: factor, pageSize: pageSize, rules: rules)
            return zip(known, marks).allSatisfy { zone, mark in
                zone.watermarks.map { $0.min == mark.min && $0.low == mark.low && $0.high == mark.high } ?? false
            }
        }
        guard let factor else {
            // Low and high marks may follow another kernel's rule; the min marks are still valid.
            self.scaleFactor = scaleFactor
            return
        }
        self.scaleFactor = factor
    }

    /// The factors that give the largest zone the distance between its marks.
    private static func scaleFactors(of zones: [(managed: Int, marks: WatermarkValues?)]) -> [Int] {
        guard let largest = zones.max(by: { $0.managed < $1.managed }), let marks = largest.marks else { return [] }
        let gap = marks.low - marks.min
        guard gap > 0, gap < largest.managed else { return [] }
        let first = roundedUp(gap, 10_000, largest.managed)
        return [first, first + 1].filter { (1...3000).contains($0) }
    }

    /// `factor * numerator / denominator`, rounded up; on overflow a number greater than any figure of a machine.
    private static func roundedUp(_ factor: Int, _ numerator: Int, _ denominator: Int) -> Int {
        let product = factor.multipliedFullWidth(by: numerator)
        let fits = product.high == 0 && product.low <= UInt(Int.max) || product.high < (denominator - 1) / 2
        guard fits else { return 1 << 60 }
        let (quotient, remainder) = denominator.dividingFullWidth(product)
        return remainder > 0 ? quotient + 1 : quotient
    }
}
