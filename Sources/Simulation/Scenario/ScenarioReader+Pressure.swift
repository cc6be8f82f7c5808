import BuddyEngine
import GFP
import PageAllocator
import SourceText
import Topology

extension ScenarioReader {
    /// `{ lru: "NAME", kind: "file" }`.
    mutating func ageing(_ value: JSONValue, _ object: JSONObject) -> ScenarioStep.Action? {
        guard let name = knownGroup(value) else { return nil }
        var step = AgeingStep(name: name, kind: .file)
        if let kind = object["kind"] {
            step.kind = shapes.word(kind, ["file": LRUReclaim.PageKind.file, "anonymous": .anonymous]) ?? .file
        }
        step.process = object["process"].flatMap { shapes.string($0) }
        step.isDirty = object["dirty"].flatMap { shapes.flag($0) } ?? false
        step.isActive = object["active"].flatMap { shapes.flag($0) } ?? false
        step.every = object["every"].flatMap { number($0, 1...Scenario.largestLimit) } ?? 1
        if step.process != nil, step.kind == .file {
            shapes.report(value, "page cache is nobody's: a \"process\" has anonymous memory")
        }
        return .age(step)
    }

    /// `policy: "--membind 0"`, `cpuset: [0, 1]`.
    mutating func placement(_ object: JSONObject) -> TaskPlacement? {
        guard object["policy"] != nil || object["cpuset"] != nil else { return nil }
        var placement = TaskPlacement()
        if let policy = object["policy"], let text = shapes.string(policy), let topology {
            do throws(PolicyWordsError) {
                placement = try TaskPlacement(words: text.split(separator: " ").map(String.init), topology: topology)
            } catch {
                shapes.report(policy, error.description)
            }
        }
        placement.allowedNodes = object["cpuset"].map { NodeMask(nodes($0)) }
        return placement
    }
}
