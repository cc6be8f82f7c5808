import PageAllocator
import SourceText
import Topology

extension RulesInForce {
    /// Whether they are the kernel's own rules without any change, so that there is nothing to say.
    var isPlain: Bool { standing == .own && changes.isEmpty && "\(kernel)" == profile }

    /// "rules of 6.12", followed by what is not, or not known to be, the same in the kernel.
    public var words: String {
        let whose =
            switch standing {
            case .own: "rules of \(profile)"
            case .between: "rules of \(profile), the nearest older ones known\(RuleHistory(of: kernel).remark)"
            case .newer: "rules of \(profile); \(kernel) is not known"
            case .older: "rules of \(profile), the oldest known\(RuleHistory(of: kernel).remark)"
            }
        return changes.isEmpty ? whose : whose + ", but " + changes.map(\.description).joined(separator: ", ")
    }

    /// The rules for programs: the kernel asked for, the profile, how close they are, and the changed rules by key.
    public var json: JSONValue {
        [
            "kernel": .init(kernel.description), "profile": .init(profile), "standing": .init(standing.name),
            "changed": changedJSON,
        ]
    }

    /// The changed rules by key.
    var changedJSON: JSONValue { .init(JSONObject(changes.map { ($0.key, $0.json) })) }
}

extension KernelProfile.Standing {
    var name: String {
        switch self {
        case .own: "own"
        case .between: "between"
        case .newer: "newer"
        case .older: "older"
        }
    }
}
