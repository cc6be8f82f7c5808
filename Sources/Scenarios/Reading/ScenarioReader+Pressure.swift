import BuddyEngine
import GFP
import PageAllocator
import SourceText
import Topology

extension ScenarioReader {
    /// Reads `{ lru: "NAME", kind: "file" }`.
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
            shapes.report(value, "page cache belongs to no process: a \"process\" has anonymous memory")
        }
        return .age(step)
    }

    /// Reads `policy: "--membind 0"` and `cpuset: [0, 1]`.
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
        placement.cpuset = object["cpuset"].flatMap { cpuset($0) }
        if let value = object["cpuset"], let problem = topology.flatMap(placement.cpusetProblem) {
            shapes.report(value, problem)
        }
        return placement
    }

    /// Reads `[0, 1]`, or `{ mems: [0], outer: [0, 1] }` if an ancestor has `mem_hardwall`.
    private mutating func cpuset(_ value: JSONValue) -> Cpuset? {
        guard value.object != nil else { return Cpuset(NodeMask(nodes(value))) }
        guard let object = shapes.object(value, keys: ["mems", "outer"], what: "a cpuset") else { return nil }
        guard let mems = object["mems"] else {
            shapes.report(value, "\"mems\" is missing: the nodes that the cpuset allows")
            return nil
        }
        return Cpuset(NodeMask(nodes(mems)), outerNodes: object["outer"].map { NodeMask(nodes($0)) })
    }
}
