import BuddyEngine

/// What workloads draw their operations from: the same for the same seed, everywhere.
public typealias SeededGenerator = SeededRandom

extension SeededRandom {
    /// An order out of the mix that systems see: 90 % of 0, 8 % of 1 to 3, 2 % of 4 to 9.
    public mutating func nextOrder() -> Int {
        switch next(below: 100) {
        case ..<90: 0
        case ..<98: 1 + next(below: 3)
        default: 4 + next(below: 6)
        }
    }
}
