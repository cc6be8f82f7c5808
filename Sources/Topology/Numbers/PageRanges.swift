import BuddyEngine

/// Arithmetic on lists of page frame ranges: ascending, without overlap, none empty.
extension [Range<PageFrame>] {
    /// The same page frames in ascending order, with adjacent and overlapping ranges joined.
    package func normalized() -> Self {
        guard !isNormalized else { return self }
        var result: Self = []
        for range in sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
            if let last = result.last, range.lowerBound <= last.upperBound {
                result[result.count - 1] = last.lowerBound..<Swift.max(last.upperBound, range.upperBound)
            } else {
                result.append(range)
            }
        }
        return result
    }

    private var isNormalized: Bool {
        allSatisfy { !$0.isEmpty } && zip(self, dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound }
    }

    /// The part inside `limits`.
    package func clamped(to limits: Range<PageFrame>) -> Self {
        compactMap { range in
            let part = range.clamped(to: limits)
            return part.isEmpty ? nil : part
        }
    }

    /// The page frames that are not in `others`. Both lists must be normalized. O(count of both).
    package func subtracting(_ others: Self) -> Self {
        guard !others.isEmpty else { return self }
        var result: Self = []
        var next = others.startIndex
        for range in self {
            var start = range.lowerBound
            while next < others.endIndex, others[next].upperBound <= start { next += 1 }
            var index = next
            while index < others.endIndex, others[index].lowerBound < range.upperBound {
                if start < others[index].lowerBound { result.append(start..<others[index].lowerBound) }
                start = Swift.max(start, others[index].upperBound)
                index += 1
            }
            if start < range.upperBound { result.append(start..<range.upperBound) }
        }
        return result
    }

    package var totalPages: Int { reduce(0) { $0 + $1.pages } }
}

extension PageFrame {
    /// The first page frame from this one on that is a multiple of `alignment`, a power of two.
    package func roundedUp(to alignment: Int) -> PageFrame {
        let mask = UInt64(alignment) &- 1
        return PageFrame(rawValue: (rawValue &+ mask) & ~mask)
    }

    func roundedDown(to alignment: Int) -> PageFrame {
        PageFrame(rawValue: rawValue & ~(UInt64(alignment) &- 1))
    }
}
