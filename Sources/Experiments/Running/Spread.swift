/// How figures of the same thing under several seeds lie: around which mean, and between which values.
public struct Spread: Hashable, Sendable {
    public var least: Double
    public var most: Double
    public var mean: Double
    public var count: Int

    /// - Returns: Nil for no values.
    public init?(_ values: some Collection<Double>) {
        guard let least = values.min(), let most = values.max() else { return nil }
        self.least = least
        self.most = most
        count = values.count
        mean = values.reduce(0, +) / Double(count)
    }
}
