/// Stretches of events in levels: those of each level are twice as long as those of the level before and lie further
/// back. Ten million events thus leave a few thousand stretches, the finest next to the events that are kept.
struct HistoryLevels {
    private var levels: [[HistoryStretch]] = []
    /// The number of stretches of a level before its oldest are joined in pairs into the next level.
    private let most: Int

    /// The number for a machine with few zones: twice the width of a large screen in points.
    private static let usualMost = 2048

    /// Creates empty levels.
    ///
    /// - Parameters:
    ///   - zones: The machine's number of zones; the more there are, the fewer stretches are kept.
    init(zones: Int) { most = max(Self.usualMost * 4 / max(zones, 4), 64) / 2 * 2 }

    /// All stretches in order of time.
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
