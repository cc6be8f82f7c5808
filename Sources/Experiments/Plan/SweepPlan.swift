import GFP
import PageAllocator
import SourceText
import Topology

/// A plan of many runs: axes whose values are combined each with each, and the figures to show.
///
/// `Config/schemas/plan.schema.json` describes its JSON5 form.
public struct SweepPlan: Sendable {
    /// A short name, for titles.
    public var name: String
    /// What the plan investigates, for readers; empty if it does not say.
    public var about: String
    /// The axes, in the order of the text; the first changes slowest from one cell to the next.
    public var axes: [SweepAxis]
    /// The figures that tables and plots show; each run measures all of them.
    public var measures: [Measure]
    /// The settings that all cells share.
    public var base: Setup
    /// The file that the plan was read from.
    public var source: String
    /// The digest of that file.
    public var digest: String

    /// The largest number of cells that a plan may have: each is stored as a file.
    public static let mostCells = 100_000

    /// The number of cells.
    public var cellCount: Int { axes.reduce(1) { $0 * $1.values.count } }

    /// One combination of values.
    public struct Cell: Sendable {
        /// Its number, from 0.
        public var number: Int
        /// The index of its value on each axis.
        public var places: [Int]
        /// The machine and all changes to it.
        public var setup: Setup
        /// What is played.
        public var workload: Workload
        /// The seed; nil: the workload's own.
        public var seed: UInt64?
    }

    /// The cell with a number.
    ///
    /// - Parameters:
    ///   - number: Its number, from 0.
    /// - Returns: The cell.
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

/// One thing that is varied, with its values.
public struct SweepAxis: Sendable {
    /// The name in tables and plots.
    public var name: String
    /// The values, in the order of the text.
    public var values: [Value]

    /// One value of an axis.
    public struct Value: Sendable {
        /// The label in tables and plots.
        public var label: String
        /// What it changes in a cell.
        public var changes: [Change]
    }

    /// One change that a value makes to a cell.
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
