/// A repeatable source of random numbers (SplitMix64, Steele et al. 2014) that prints as its seed.
///
/// Numbers in a range and fractions are derived here rather than by the standard library, so that a seed gives the same
/// numbers with any version of it.
public struct SeededRandom: RandomNumberGenerator, CustomStringConvertible, Sendable {
    /// The seed that reproduces all numbers.
    public let seed: UInt64
    @usableFromInline
    var state: UInt64

    /// Begins a sequence that depends on the seed alone.
    @inlinable
    public init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    @inlinable
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `limit` - 1, by one multiplication: the bias is below `limit` / 2^64. A limit below 1 counts
    /// as 1.
    @inlinable
    public mutating func next(below limit: Int) -> Int {
        Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(max(limit, 1))).high)
    }

    /// A number from 0 up to but not including 1.
    public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// True with the given probability, from 0 to 1.
    public mutating func chance(_ probability: Double) -> Bool { unit() < probability }

    public var description: String { "seed \(seed)" }
}
