/// Stretches of events in levels: each level's are twice as long as those of the level before, and lie further back. So
/// ten million events leave a few thousand stretches, the finest next to what is kept.
struct HistoryLevels {
    private var levels: [[HistoryStretch]] = []
    /// Stretches that a level has at least before its oldest are joined, two by two, into the next level's.
    private let most: Int

    /// Of a machine with few zones: twice as many as a wide screen has points.
    private static let usualMost = 2048

    /// - Parameter zones: The machine's; of many, fewer stretches are kept.
    init(zones: Int) { most = max(Self.usualMost * 4 / max(zones, 4), 64) / 2 * 2 }

    /// In order of time.
    var stretches: [HistoryStretch] { levels.reversed().flatMap { $0 } }

    mutating func append(_ stretches: [HistoryStretch]) { append(stretches, to: 0) }

    private mutating func append(_ stretches: [HistoryStretch], to level: Int) {
        if levels.count == level { levels.append([]) }
        levels[level] += stretches
        guard levels[level].count >= 2 * most else { return }
        let count = (levels[level].count - most) / 2 * 2
        let joined = stride(from: 0, to: count, by: 2).map { place in
            var pair = levels[level][place]
            pair.append(levels[level][place + 1])
            return pair
        }
        levels[level].removeFirst(count)
        append(joined, to: level + 1)
    }
}
