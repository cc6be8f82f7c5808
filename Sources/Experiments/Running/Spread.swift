/// How a figure spreads over several seeds: its mean and its extremes.
public struct Spread: Hashable, Sendable {
    /// The smallest value.
    public var least: Double
    /// The largest value.
    public var most: Double
    /// The arithmetic mean.
    public var mean: Double
    /// The number of values.
    public var count: Int

    /// Nil if there are no values.
    ///
    /// - Parameters:
    ///   - values: The values, one for each seed.
    public init?(_ values: some Collection<Double>) {
        guard let least = values.min(), let most = values.max() else { return nil }
        self.least = least
        self.most = most
        count = values.count
        mean = values.reduce(0, +) / Double(count)
    }
}
