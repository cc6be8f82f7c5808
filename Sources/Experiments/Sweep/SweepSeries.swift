/// What one measure comes to along one axis: a line for each combination of the other axes' values where these are few, and
/// the spread over what is left, seeds above all.
public struct SweepSeries: Sendable {
    public let measure: Measure
    public let axis: SweepAxis
    /// The axes whose combinations have lines of their own.
    public let lineAxes: [SweepAxis]
    /// The axes over which the spread goes.
    public let spreadAxes: [SweepAxis]
    public let lines: [Line]

    public struct Line: Sendable {
        /// The values of ``SweepSeries/lineAxes``.
        public var labels: [String]
        /// One for each value of ``SweepSeries/axis``; nil where nothing was played.
        public var points: [Spread?]
    }

    /// More lines than these nobody can distinguish.
    public static let mostLines = 8

    /// - Parameters:
    ///   - measure: What is drawn.
    ///   - axis: The place of the axis among the plan's.
    ///   - table: What the cells came to.
    public init(_ measure: Measure, along axis: Int, of table: SweepTable) {
        let axes = table.plan.axes
        // Axes get lines in their order while there is room; seeds never.
        var lineAxes: [Int] = []
        var count = 1
        for other in axes.indices where other != axis && axes[other].values.count > 1 && axes[other].name != "seed" {
            guard count * axes[other].values.count <= Self.mostLines else { continue }
            count *= axes[other].values.count
            lineAxes.append(other)
        }
        var values: [[Int]: [[Double]]] = [:]
        for record in table.records {
            guard case .played(let outcome) = record.result else { continue }
            let places = table.plan.cell(record.number).places
            let line = lineAxes.map { places[$0] }
            values[line, default: Array(repeating: [], count: axes[axis].values.count)][places[axis]]
                .append(outcome.figures[measure])
        }
        self.measure = measure
        self.axis = axes[axis]
        self.lineAxes = lineAxes.map { axes[$0] }
        spreadAxes = axes.indices.filter { $0 != axis && !lineAxes.contains($0) && axes[$0].values.count > 1 }
            .map { axes[$0] }
        lines = values.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { places, points in
            Line(
                labels: zip(lineAxes, places).map { axes[$0].values[$1].label }, points: points.map { Spread($0) })
        }
    }

    /// The least and the largest value of all.
    public var range: ClosedRange<Double>? {
        let points = lines.flatMap { $0.points.compactMap { $0 } }
        guard let least = points.map(\.least).min(), let most = points.map(\.most).max() else { return nil }
        return least...most
    }
}
