import BuddyEngine
import KernelLog
import Topology

/// How many of a zone's free blocks have which type. The letters of a report say only which types have at least one
/// block.
///
/// Without letters, a block may have any type. The share of CMA is known in pages and that of highatomic is bounded;
/// both are taken from the largest blocks downwards. The rest is movable where the letter `M` is printed.
struct FreeBlockTypes {
    private(set) var counts: [FreeCount] = []
    /// Types of which more blocks were assumed than the letters show.
    private var guessed: Set<Migratetype> = []
    /// Whether the report prints letters; kernels before 3.9 did not.
    private let hasLetters: Bool

    init(_ blocks: [FailureReport.FreeBlocks], cma: Int, highAtomic: Int, hasHighAtomic: Bool) {
        var left: [Int] = []
        hasLetters = blocks.contains { !($0.types?.isEmpty ?? true) }
        for entry in blocks.prefix(21) {
            let total = min(max(0, entry.count), 1 << 36)
            var byType: [Migratetype: Int] = [:]
            var types = entry.types ?? []
            if !hasHighAtomic, types.remove(.highAtomic) != nil { types.insert(.movable) }
            var rest = total
            for type in Migratetype.allCases where types.contains(type) && rest > 0 {
                byType[type] = 1
                rest -= 1
            }
            left.append(rest)
            counts.append(FreeCount(total: total, byType: byType, presentTypes: types))
        }
        share(.cma, pages: cma, from: &left)
        share(.highAtomic, pages: highAtomic, from: &left)
        for order in counts.indices where left[order] > 0 {
            let types = counts[order].presentTypes ?? []
            let common: Migratetype =
                [.movable, .unmovable, .reclaimable].first(where: types.contains)
                ?? types.min { $0.rawValue < $1.rawValue } ?? .movable
            counts[order].byType?[common, default: 0] += left[order]
        }
    }

    private mutating func share(_ type: Migratetype, pages: Int, from left: inout [Int]) {
        var wanted = pages - self.pages(of: type)
        for order in counts.indices.reversed() where !hasLetters || counts[order].presentTypes?.contains(type) ?? false
        {
            let blocks = min(left[order], max(0, wanted) >> order)
            guard blocks > 0 else { continue }
            counts[order].byType?[type, default: 0] += blocks
            left[order] -= blocks
            wanted -= blocks << order
            guessed.insert(type)
        }
    }

    func isGuessed(_ type: Migratetype) -> Bool { guessed.contains(type) }

    func pages(of type: Migratetype) -> Int {
        counts.enumerated().reduce(0) { $0 &+ ($1.element.byType?[type] ?? 0) << $1.offset }
    }

    var pages: Int { counts.enumerated().reduce(0) { $0 &+ $1.element.total << $1.offset } }
}
