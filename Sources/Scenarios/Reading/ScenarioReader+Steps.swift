import BuddyEngine
import GFP
import PageAllocator
import SourceText
import Topology

extension ScenarioReader {
    /// The word that makes a step, and the words that may accompany it.
    static let stepKeys: KeyValuePairs<String, [String]> = [
        "alloc": ["order", "count", "cpu", "node", "nodes", "name", "until", "policy", "cpuset", "process", "exact"],
        "mix": ["count", "name", "until", "policy", "cpuset", "process"],
        "free": ["every", "share", "first", "last", "cpu"],
        "expect": [],
        "set": [],
        "drain": [],
        "reclaim": [],
        "lru": ["kind", "process", "dirty", "active", "every"],
        "repeat": ["steps"],
        "save": [],
    ]

    /// How deep `repeat`s may nest.
    static let deepestRepeat = 8

    mutating func steps(_ value: JSONValue) -> [ScenarioStep] {
        guard let elements = value.array else {
            shapes.report(value, "steps are a list in brackets, not \(value.kindName)")
            return []
        }
        return elements.compactMap { step($0) }
    }

    private mutating func step(_ value: JSONValue) -> ScenarioStep? {
        guard let members = value.object else {
            shapes.report(value, "a step is an object in braces, not \(value.kindName)")
            return nil
        }
        let verbs = Self.stepKeys.map(\.key)
        let found = verbs.filter { members[$0] != nil }
        guard found.count == 1, let verb = found.first else {
            if found.isEmpty {
                let suggestion = members.keys.lazy.map { Spelling.suggestion(for: $0, among: verbs) }.first {
                    !$0.isEmpty
                }
                shapes.report(value, "a step needs one of \(verbs.joined(separator: ", "))\(suggestion ?? "")")
            } else {
                shapes.report(value, "this step does \(found.joined(separator: " and ")): make it two")
            }
            return nil
        }
        let beside = Self.stepKeys.first { $0.key == verb }?.value ?? []
        guard let object = shapes.object(value, keys: [verb, "about", "since", "before"] + beside, what: "a step"),
            let operand = object[verb], let action = action(verb, operand, object)
        else { return nil }
        let offset = value.offset ?? 0
        var step = ScenarioStep(
            action, about: object["about"].flatMap { shapes.string($0) } ?? "", path: document.path(ofOffset: offset),
            location: document.location(ofOffset: offset))
        let since = object["since"].flatMap { version($0) } ?? step.kernels.lowerBound
        let before = object["before"].flatMap { version($0) } ?? step.kernels.upperBound
        if since < before {
            step.kernels = since..<before
        } else {
            shapes.report(value, "no kernel is from \(since) and before \(before)")
        }
        return step
    }

    private mutating func action(
        _ verb: String, _ operand: JSONValue, _ object: JSONObject
    ) -> ScenarioStep.Action? {
        switch verb {
        case "alloc":
            guard let choice = choice(object, gfp: operand) else { return nil }
            return .allocate(exact(allocation([choice], object, usual: 1), object))
        case "mix": return mix(operand, object)
        case "free": return free(operand, object)
        case "expect": return expectation(operand).map { .expect($0) }
        case "set": return settings(operand)
        case "drain": return operand.string == "all" ? .drain(nil) : cpu(operand).map { .drain($0) }
        case "reclaim": return reclaim(operand)
        case "lru": return ageing(operand, object)
        case "save": return save(operand)
        default: return repetition(operand, object)
        }
    }

    // MARK: - Requests

    private mutating func choice(_ object: JSONObject, gfp value: JSONValue) -> AllocationStep.Choice? {
        guard let text = shapes.string(value), let flags = mask(text, value) else { return nil }
        let highest = topology?.maximumOrder ?? 13
        let order = object["order"].flatMap { number($0, 0...Int(highest.rawValue)) } ?? 0
        let node = object["node"].flatMap { self.node($0) }
        let own = node.flatMap { node in topology?.nodes.first { $0.id == node }?.cpus.first }
        let usual = own ?? topology?.nodes.flatMap(\.cpus).min() ?? 0
        let cpu = object["cpu"].flatMap { self.cpu($0) } ?? usual
        let mask = object["nodes"].map { NodeMask(nodes($0)) }
        return AllocationStep.Choice(
            request: AllocationRequest(flags, order: Order(order), cpu: cpu, node: node, nodemask: mask), gfp: text)
    }

    private mutating func mask(_ text: String, _ value: JSONValue) -> GFPFlags? {
        do throws(GFPParseError) {
            return try GFPFlags(parsing: text, layout: layout)
        } catch {
            shapes.report(value, error.description)
            return nil
        }
    }

    private mutating func allocation(
        _ choices: [AllocationStep.Choice], _ object: JSONObject, usual: Int
    ) -> AllocationStep {
        var step = AllocationStep(choices: choices)
        if let until = object["until"] { step.stopsAtFailure = shapes.word(until, ["failure": true]) ?? false }
        step.count = object["count"].flatMap { number($0, 1...Scenario.largestLimit) }
        if step.count == nil, !step.stopsAtFailure { step.count = usual }
        step.placement = placement(object)
        step.process = object["process"].flatMap { shapes.string($0) }
        if let name = object["name"].flatMap({ shapes.string($0) }) {
            if let value = object["name"], name == "all" || name.isEmpty {
                shapes.report(value, "a group cannot be called \"\(name)\"")
            }
            step.name = name
            groups.insert(name)
        }
        return step
    }

    /// Reads "exact", how many pages are kept; the block must be large enough.
    private mutating func exact(_ step: AllocationStep, _ object: JSONObject) -> AllocationStep {
        guard let value = object["exact"] else { return step }
        let largest = (topology?.maximumOrder ?? 13).pages
        var step = step
        step.exactPages = number(value, 1...largest)
        if object["order"] != nil {
            shapes.report(value, "\"exact\" pages need the order that holds them: omit \"order\"")
        }
        if let other = ["node", "nodes", "policy", "cpuset", "process"].first(where: { object[$0] != nil }) {
            shapes.report(value, "\"exact\" pages are asked for by a CPU of its own node: omit \"\(other)\"")
        }
        return step
    }

    /// Reads "save". A scenario may come from anybody, so it cannot write outside the folder in which it is played.
    private mutating func save(_ value: JSONValue) -> ScenarioStep.Action? {
        guard let path = shapes.string(value) else { return nil }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !path.isEmpty, !path.hasPrefix("/"), path != "-", !parts.contains("..") else {
            shapes.report(value, "save to a file in the folder where the scenario is played, as in \"state.json\"")
            return nil
        }
        return .save(path)
    }

    private mutating func mix(_ value: JSONValue, _ object: JSONObject) -> ScenarioStep.Action? {
        guard let elements = value.array, !elements.isEmpty else {
            shapes.report(value, "a mix is a list of requests, as in [{ gfp: \"GFP_KERNEL\", weight: 3 }]")
            return nil
        }
        if object["count"] == nil, object["until"] == nil {
            shapes.report(value, "a mix needs a \"count\", or \"until\": \"failure\"")
        }
        let keys = ["gfp", "free", "weight", "order", "cpu", "node", "nodes"]
        var choices: [AllocationStep.Choice] = []
        for element in elements {
            guard let members = shapes.object(element, keys: keys, what: "a part of a mix") else { continue }
            var choice: AllocationStep.Choice?
            if let gfp = members["gfp"] {
                choice = self.choice(members, gfp: gfp)
            } else if members["free"]?.bool == true {
                choice = AllocationStep.Choice(request: nil)
            } else {
                shapes.report(element, "a part of a mix needs a \"gfp\", or \"free\": true")
            }
            guard var choice else { continue }
            choice.weight = members["weight"].flatMap { number($0, 1...1_000_000) } ?? 1
            choices.append(choice)
        }
        if !choices.isEmpty, choices.allSatisfy({ $0.request == nil }) {
            shapes.report(value, "this mix only frees: add a request")
        }
        return .allocate(allocation(choices, object, usual: 1))
    }

    // MARK: - The rest

    private mutating func group(_ value: JSONValue) -> String? {
        guard let name = shapes.string(value) else { return nil }
        guard groups.contains(name) else {
            let known = groups.sorted()
            let suggestion = Spelling.suggestion(for: name, among: known)
            let there =
                known.isEmpty ? "no step before has a \"name\"" : "so far there is \(known.joined(separator: ", "))"
            shapes.report(value, "no group is called \"\(name)\": \(there)\(suggestion)")
            return nil
        }
        return name
    }

    mutating func knownGroup(_ value: JSONValue) -> String? { group(value) }

    private mutating func free(_ value: JSONValue, _ object: JSONObject) -> ScenarioStep.Action? {
        let name: String?
        if value.string == "all" {
            name = nil
        } else {
            guard let known = group(value) else { return nil }
            name = known
        }
        var step = FreeStep(name: name, cpu: object["cpu"].flatMap { cpu($0) })
        let ways = ["every", "share", "first", "last"].filter { object[$0] != nil }
        if ways.count > 1 { shapes.report(value, "give one of \(ways.joined(separator: " and ")), not both") }
        if let every = object["every"].flatMap({ number($0, 1...Scenario.largestLimit) }) {
            step.selection = .every(every)
        }
        if let first = object["first"].flatMap({ number($0, 1...Scenario.largestLimit) }) {
            step.selection = .first(first)
        }
        if let last = object["last"].flatMap({ number($0, 1...Scenario.largestLimit) }) {
            step.selection = .last(last)
        }
        if let share = object["share"] {
            if let part = share.double, (0...1).contains(part) {
                step.selection = .share(part)
            } else {
                shapes.report(share, "a share is a number from 0 to 1, not \(shapes.describe(share))")
            }
        }
        return .free(step)
    }

    private mutating func settings(_ value: JSONValue) -> ScenarioStep.Action? {
        guard let object = value.object else {
            shapes.report(value, "settings are an object, as in { \"vm.min_free_kbytes\": 65536 }")
            return nil
        }
        let architecture = topology?.architecture ?? .amd64
        let before = topology?.sysctls ?? Sysctls()
        let sysctls = Sysctls(value, &shapes, architecture, before: before)
        for problem in topology.map({ $0.sysctlProblems(with: sysctls) }) ?? [] {
            guard case .key(let name)? = problem.path.components.dropFirst().first else { continue }
            guard let setting = object[name] ?? object["vm." + name] else { continue }
            shapes.report(problem.severity, at: setting.offset ?? 0, problem.message)
        }
        topology?.sysctls = sysctls
        return .set(sysctls, names: object.keys.map { $0.hasPrefix("vm.") ? $0 : "vm." + $0 })
    }

    private mutating func reclaim(_ value: JSONValue) -> ScenarioStep.Action? {
        if value.string == "none" { return .reclaim(.none) }
        if value.string == "lru" { return .reclaim(.lru(swapPages: 0)) }
        guard value.object != nil else {
            shapes.report(value, "reclaim is \"none\", \"lru\", or { from: \"NAME\", pages: 32 }")
            return nil
        }
        guard let object = shapes.object(value, keys: ["from", "pages", "swap"], what: "reclaim") else { return nil }
        if let swap = object["swap"], object["from"] == nil {
            return number(swap, 0...Scenario.largestLimit).map { .reclaim(.lru(swapPages: $0)) }
        }
        guard let from = object["from"] else {
            shapes.report(value, "\"from\" is missing: the name of the group that reclaim gives back")
            return nil
        }
        let pages = object["pages"].flatMap { number($0, 1...Scenario.largestLimit) } ?? 32
        return group(from).map { .reclaim(.group($0, pages: pages)) }
    }

    private mutating func repetition(_ value: JSONValue, _ object: JSONObject) -> ScenarioStep.Action? {
        guard let inner = object["steps"] else {
            shapes.report(value, "\"steps\" is missing: what to repeat")
            return nil
        }
        guard depth < Self.deepestRepeat else {
            shapes.report(value, "repeats nest at most \(Self.deepestRepeat) deep")
            return nil
        }
        depth += 1
        defer { depth -= 1 }
        let steps = steps(inner)
        return number(value, 1...Scenario.largestLimit).map { .repeat($0, steps) }
    }
}
