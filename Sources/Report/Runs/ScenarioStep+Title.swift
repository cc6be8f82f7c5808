import BuddyEngine
import GFP
import PageAllocator
import Scenarios
import Topology

extension ScenarioStep.Action {
    /// The step in a few words: `alloc GFP_KERNEL order 3, until failure, as "a"`.
    var title: String {
        switch self {
        case .allocate(let step): return step.title
        case .free(let step): return step.title
        case .expect(let expectation):
            return "expect" + (expectation.group.map { " of \"\($0)\"" } ?? "")
        case .set(_, let names): return "set " + names.joined(separator: ", ")
        case .drain(let cpu): return cpu.map { "drain CPU \($0)" } ?? "drain all CPUs"
        case .reclaim(.none): return "reclaim finds nothing"
        case .reclaim(.group(let name, let pages)): return "reclaim finds up to \(pages) pages of \"\(name)\""
        case .reclaim(.lru(let swap)):
            return "reclaim goes by LRU lists, " + (swap > 0 ? "\(swap) pages of swap" : "no swap")
        case .age(let step):
            let part = step.every > 1 ? "1 in \(step.every) of " : ""
            let owner = step.process.map { " of \($0)" } ?? ""
            return "\(part)\"\(step.name)\" becomes \(step.kind == .file ? "page cache" : "anonymous memory")\(owner)"
        case .save(let path): return "save the machine to \(path)"
        case .repeat(let count, _): return "repeat \(count) times"
        }
    }
}

extension AllocationStep {
    fileprivate var title: String {
        var parts = [choices.count == 1 ? "alloc " + choices[0].title : "mix of \(choices.count)"]
        switch (count, stopsAtFailure) {
        case (let count?, true): parts.append("\(count) times or until failure")
        case (nil, _): parts.append("until failure")
        case (let count?, false): if count > 1 { parts.append("\(count) times") }
        }
        if let exactPages { parts.append("exactly \(counted(exactPages, "page"))") }
        if !name.isEmpty { parts.append("as \"\(name)\"") }
        return parts.joined(separator: ", ")
    }
}

extension AllocationStep.Choice {
    fileprivate var title: String {
        guard let request else { return "free" }
        var text = gfp
        if request.order > 0 { text += " order \(request.order)" }
        if let node = request.node { text += " on node \(node)" }
        if let mask = request.nodemask {
            text += " from nodes \(NumberList.format(mask.nodes.map { Int($0.rawValue) }))"
        }
        return text + " by CPU \(request.cpu)"
    }
}

extension FreeStep {
    fileprivate var title: String {
        let group = name.map { "\"\($0)\"" } ?? "all groups"
        switch selection {
        case .all: return "free \(group)"
        case .every(let stride): return "free 1 in \(stride) of \(group)"
        case .share(let share): return "free \(share * 100) % of \(group)"
        case .first(let count): return "free the first \(count) of \(group)"
        case .last(let count): return "free the last \(count) of \(group)"
        }
    }
}
