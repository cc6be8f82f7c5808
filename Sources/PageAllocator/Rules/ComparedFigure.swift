/// One figure of two runs of the same thing, with a name that makes sense on its own.
public struct ComparedFigure: Hashable, Sendable {
    /// What is counted.
    public var name: String
    /// The figure of the first run.
    public var first: Int
    /// The figure of the second run.
    public var second: Int

    public init(_ name: String, _ first: Int, _ second: Int) {
        self.name = name
        self.first = first
        self.second = second
    }

    /// The second figure less the first.
    public var difference: Int { second - first }
}

extension [ComparedFigure] {
    /// How different the two runs are: the sum of all differences, without their signs; 0 if they are equal.
    public var distance: Int { reduce(0) { $0 + abs($1.difference) } }
}
