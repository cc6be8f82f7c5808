/// SplitMix64 (Steele et al. 2014): the same numbers for the same seed, everywhere.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number in `0..<limit`, by one multiplication; the bias is below `limit / 2^64`.
    public mutating func next(below limit: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(limit)).high)
    }

    /// An order out of the mix that systems see: 90 % of 0, 8 % of 1 to 3, 2 % of 4 to 9.
    public mutating func nextOrder() -> Int {
        switch next(below: 100) {
        case ..<90: 0
        case ..<98: 1 + next(below: 3)
        default: 4 + next(below: 6)
        }
    }
}
