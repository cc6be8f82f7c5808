/// One figure of two runs of the same thing, in words that make sense on their own.
public struct ComparedFigure: Hashable, Sendable {
    public var name: String
    public var first: Int
    public var second: Int

    public init(_ name: String, _ first: Int, _ second: Int) {
        self.name = name
        self.first = first
        self.second = second
    }

    public var difference: Int { second - first }
}

extension [ComparedFigure] {
    /// How far the two runs lie apart, all figures added up; 0: alike in all of them.
    public var distance: Int { reduce(0) { $0 + abs($1.difference) } }
}
