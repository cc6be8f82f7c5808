import BuddyEngine
import GFP
import PageAllocator
import Scenarios
import SourceText
import Topology

extension SweepPlan {
    /// Reads a plan; names of files are relative to its folder.
    ///
    /// - Parameters:
    ///   - path: The plan's file.
    /// - Returns: The plan.
    /// - Throws: `SourceProblems` with all errors that were found.
    public static func load(_ path: String) throws(SourceProblems) -> SweepPlan {
        let document: JSONDocument
        do throws(SourceError) {
            document = try JSONDocument.load(path)
        } catch { throw SourceProblems([SourceProblem(error)]) }
        var reader = SweepPlanReader(document)
        guard let plan = reader.read() else { throw SourceProblems(reader.shapes.problems) }
        return plan
    }
}

/// Reads the JSON form of a plan and continues after errors.
struct SweepPlanReader {
    let document: JSONDocument
    var shapes: JSONShapes

    static let keys = ["$schema", "name", "about", "axes", "measures", "age", "reclaim"]

    init(_ document: JSONDocument) {
        self.document = document
        shapes = JSONShapes(document)
    }

    mutating func read() -> SweepPlan? {
        shapes.reportDuplicates()
        guard let object = shapes.object(document.root, keys: Self.keys, what: "a plan") else { return nil }
        var base = Setup()
        base.ageing = object["age"].flatMap { ageing($0) }
        base.reclaim = object["reclaim"].flatMap { reclaim($0) }
        let axes = shapes.required("axes", of: object, in: document.root).map { self.axes($0) } ?? []
        var sum = SHA256()
        sum.update(document.source.bytes)
        let plan = SweepPlan(
            name: object["name"].flatMap { shapes.string($0) } ?? "",
            about: object["about"].flatMap { shapes.string($0) } ?? "",
            axes: axes, measures: object["measures"].map { measures($0) } ?? Measure.allCases, base: base,
            source: document.source.name, digest: sum.finish())
        if let value = object["axes"] { check(plan, value) }
        shapes.sortProblems()
        return shapes.hasErrors ? nil : plan
    }

    private mutating func check(_ plan: SweepPlan, _ value: JSONValue) {
        let isPlayable = plan.axes.contains { axis in
            axis.values.contains { $0.changes.contains { if case .workload = $0 { true } else { false } } }
        }
        if !shapes.hasErrors, !isPlayable {
            shapes.report(value, "there is nothing to play: give an axis \"scenario\" or \"trace\"")
        }
        var cells = 1
        for axis in plan.axes {
            let (product, overflow) = cells.multipliedReportingOverflow(by: axis.values.count)
            guard !overflow, product <= SweepPlan.mostCells else {
                return shapes.report(
                    value, "these are more than \(SweepPlan.mostCells) cells: split it into several plans")
            }
            cells = product
        }
    }

    private mutating func measures(_ value: JSONValue) -> [Measure] {
        var measures: [Measure] = []
        for element in shapes.list(value) ?? [] {
            guard let name = shapes.string(element) else { continue }
            guard let measure = Measure(rawValue: name) else {
                let names = Measure.allCases.map(\.rawValue)
                let suggestion = Spelling.suggestion(for: name, among: names)
                shapes.report(
                    element, "\"\(name)\" is not a measure: there is \(names.joined(separator: ", "))\(suggestion)")
                continue
            }
            if !measures.contains(measure) { measures.append(measure) }
        }
        if measures.isEmpty { shapes.report(value, "name at least one measure, or leave \"measures\" out for all") }
        return measures
    }

    // MARK: - What is the same in every cell

    private mutating func ageing(_ value: JSONValue) -> Ageing? {
        guard
            let object = shapes.object(
                value, keys: ["occupancy", "unusableIndex", "order", "unmovable"], what: "\"age\"")
        else { return nil }
        return Ageing(
            occupancy: share(object["occupancy"]) ?? 0.8, unusableIndex: share(object["unusableIndex"]) ?? 0.5,
            order: Order(rawValue: UInt8(object["order"].flatMap { shapes.number($0, 1...10) } ?? 9)),
            unmovable: share(object["unmovable"]) ?? 0.3)
    }

    private mutating func share(_ value: JSONValue?) -> Double? {
        guard let value else { return nil }
        guard let share = value.double, (0...1).contains(share) else {
            shapes.report(value, "this must be a share from 0 to 1, not \(shapes.describe(value))")
            return nil
        }
        return share
    }

    private mutating func reclaim(_ value: JSONValue) -> Setup.ReclaimModel? {
        guard let object = shapes.object(value, keys: ["swap", "cache"], what: "\"reclaim\"") else { return nil }
        var swap: UInt64 = 0
        if let size = object["swap"], let text = shapes.string(size) {
            do throws(ByteSize.Invalid) { swap = try ByteSize(text).bytes } catch {
                shapes.report(size, error.description)
            }
        }
        return Setup.ReclaimModel(swap: swap, cacheShare: share(object["cache"]) ?? 0.5)
    }

    /// The path of a file that the plan names, relative to the plan's folder.
    func beside(_ name: String) -> String {
        let folder = document.source.name.lastIndex(of: "/").map { String(document.source.name[...$0]) } ?? ""
        return name.hasPrefix("/") ? name : folder + name
    }
}
