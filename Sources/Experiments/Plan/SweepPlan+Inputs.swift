import Scenarios
import SourceText

extension SweepPlan {
    /// Every file that the plan's cells depend on, with its digest, by name.
    ///
    /// - Returns: The files.
    /// - Throws: `SourceError` for a file that cannot be read: a plan that names a missing file is a mistake.
    public func inputs() throws(SourceError) -> SweepInputs {
        var inputs = SweepInputs()
        for axis in axes {
            for change in axis.values.flatMap(\.changes) {
                switch change {
                case .source(let path): try inputs.add(path)
                case .workload(.trace(let path)): try inputs.add(path)
                case .workload(.scenario(let path)):
                    try inputs.add(path)
                    for other in try Scenario.filesNamed(in: path) { try inputs.add(other, for: path) }
                case .kernel, .setting, .policy, .seed: break
                }
            }
        }
        return inputs
    }
}

/// The files that a plan depends on, with digests of their contents.
public struct SweepInputs: Sendable {
    /// SHA-256 digests by name: of a file's bytes, or of all contents of a directory.
    public private(set) var digests: [String: String] = [:]
    /// The names of the files that each file refers to.
    private var named: [String: [String]] = [:]

    /// No files.
    public init() {}

    mutating func add(_ path: String, for other: String? = nil) throws(SourceError) {
        if let other { named[other, default: []].append(path) }
        if digests[path] == nil { digests[path] = try SHA256.digest(ofPath: path) }
    }

    /// The digests of the files that decide a cell's result.
    func digests(of cell: SweepPlan.Cell) -> [String] {
        ([cell.setup.source, cell.workload.path].compactMap { $0 } + named[cell.workload.path, default: []])
            .map { digests[$0, default: ""] }
    }
}

extension SweepPlan {
    /// A digest that distinguishes a cell from any that could have another result; a stored result with another key
    /// does not belong to this plan.
    ///
    /// - Parameters:
    ///   - cell: The cell.
    ///   - inputs: The plan's files.
    ///   - version: The program's version.
    /// - Returns: The digest, in hexadecimal digits.
    func key(of cell: Cell, _ inputs: SweepInputs, version: String) -> String {
        var parts = [version] + inputs.digests(of: cell)
        for (axis, place) in zip(axes, cell.places) { parts.append("\(axis.name)=\(axis.values[place].label)") }
        parts += cell.setup.settings.map { "\($0.name)=\($0.value)" } + cell.setup.policy
        if let kernel = cell.setup.kernel { parts += ["\(kernel.version)"] + kernel.changes.map(\.description) }
        parts.append(cell.seed.map { "\($0)" } ?? "")
        if let age = base.ageing { parts.append("\(age.occupancy) \(age.unusableIndex) \(age.order) \(age.unmovable)") }
        if let reclaim = base.reclaim { parts.append("\(reclaim.swap) \(reclaim.cacheShare)") }
        var sum = SHA256()
        sum.update(Array(parts.joined(separator: "\n").utf8))
        return sum.finish()
    }
}

extension Scenario {
    /// The files that a scenario's text names: those of its machine.
    fileprivate static func filesNamed(in path: String) throws(SourceError) -> [String] {
        let root = try JSONDocument.load(path).root
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        return ["topology", "state"].compactMap { root[$0]?.string }.map { $0.hasPrefix("/") ? $0 : folder + $0 }
    }
}
