/// The values of one measure along one axis: a line for each combination of the other axes' values while these are few,
/// and the spread over the rest, seeds above all.
public struct SweepSeries: Sendable {
    /// The measure.
    public let measure: Measure
    /// The axis along which the lines run.
    public let axis: SweepAxis
    /// The axes whose combinations have a line each.
    public let lineAxes: [SweepAxis]
    /// The axes that the spread covers.
    public let spreadAxes: [SweepAxis]
    /// The lines.
    public let lines: [Line]

    /// One line.
    public struct Line: Sendable {
        /// The labels of its values on ``SweepSeries/lineAxes``.
        public var labels: [String]
        /// One point for each value of ``SweepSeries/axis``; nil where nothing was played.
        public var points: [Spread?]
    }

    /// The largest number of lines: more cannot be told apart.
    public static let mostLines = 8

    /// Collects the points.
    ///
    /// - Parameters:
    ///   - measure: The measure to draw.
    ///   - axis: The index of the axis in the plan.
    ///   - table: The results.
    public init(_ measure: Measure, along axis: Int, of table: SweepTable) {
        let axes = table.plan.axes
        // Axes get lines in their order while there is room; seeds never do.
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

    /// The smallest and the largest value of all points; nil if there are none.
    public var range: ClosedRange<Double>? {
        let points = lines.flatMap { $0.points.compactMap { $0 } }
        guard let least = points.map(\.least).min(), let most = points.map(\.most).max() else { return nil }
        return least...most
    }
}
