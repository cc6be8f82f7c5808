import GFP
import PageAllocator
import SourceText
import Topology

/// A plan of many runs: axes, each of whose values is combined with each of every other's, and what is measured.
///
/// Its JSON5 form is described by `Config/schemas/plan.schema.json`.
public struct SweepPlan: Sendable {
    /// A short name, for titles.
    public var name: String
    public var about: String
    /// In the order of the text; the first changes slowest from one cell to the next.
    public var axes: [SweepAxis]
    /// What tables and plots show; each run measures everything.
    public var measures: [Measure]
    /// What is the same in every cell.
    public var base: Setup
    /// The file it was read from, and its digest.
    public var source: String
    public var digest: String

    /// The most cells that a plan may have: each leaves a file.
    public static let mostCells = 100_000

    public var cellCount: Int { axes.reduce(1) { $0 * $1.values.count } }

    /// One combination of values.
    public struct Cell: Sendable {
        /// From 0.
        public var number: Int
        /// The place of its value on each axis.
        public var places: [Int]
        public var setup: Setup
        public var workload: Workload
        public var seed: UInt64?
    }

    /// The cell of a number.
    ///
    /// - Precondition: `number` is below ``cellCount``.
    public func cell(_ number: Int) -> Cell {
        var rest = number
        var places = [Int](repeating: 0, count: axes.count)
        for axis in axes.indices.reversed() {
            places[axis] = rest % axes[axis].values.count
            rest /= axes[axis].values.count
        }
        var cell = Cell(number: number, places: places, setup: base, workload: .scenario(""), seed: nil)
        for (axis, place) in zip(axes, places) { axis.values[place].changes.forEach { cell.take($0) } }
        return cell
    }
}

/// What is varied, and between which values.
public struct SweepAxis: Sendable {
    public var name: String
    public var values: [Value]

    public struct Value: Sendable {
        /// As tables and plots call it.
        public var label: String
        public var changes: [Change]
    }

    /// What a value makes of a cell.
    public enum Change: Hashable, Sendable {
        case source(String)
        case kernel(KernelChoice)
        case setting(SettingChange)
        case policy([String])
        case workload(Workload)
        case seed(UInt64)
    }
}

extension SweepPlan.Cell {
    fileprivate mutating func take(_ change: SweepAxis.Change) {
        switch change {
        case .source(let source): setup.source = source
        case .kernel(let kernel): setup.kernel = kernel
        case .setting(let setting): setup.settings.append(setting)
        case .policy(let words): setup.policy = words
        case .workload(let workload): self.workload = workload
        case .seed(let seed): self.seed = seed
        }
    }
}
