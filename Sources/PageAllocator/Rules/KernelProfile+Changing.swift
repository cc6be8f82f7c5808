import GFP
import SourceText
import Topology

extension KernelProfile {
    /// The rules that a machine of this description goes by: those nearest to its kernel, changed as it says.
    ///
    /// - Throws: `RuleError` if a change names no rule, sets it to nothing it can be, or leaves rules that contradict
    ///   each other.
    public init(of topology: Topology) throws(RuleError) {
        self = try KernelProfile(nearest: topology.kernel).changed(by: topology.rules)
    }

    /// ``init(of:)``, for who builds a machine.
    public static func inForce(on topology: Topology) throws(MachineError) -> KernelProfile {
        do throws(RuleError) { return try KernelProfile(of: topology) } catch { throw .impossibleRule(error) }
    }

    /// The same with some rules changed, all or none.
    public func changed(by changes: [RuleChange]) throws(RuleError) -> KernelProfile {
        var profile = self
        for change in changes {
            guard let rule = AllocatorRule.named(change.key) else {
                let keys = AllocatorRule.all.map(\.key)
                let suggestion = Spelling.suggestion(for: change.key, among: keys)
                throw RuleError(
                    text: "\(change)",
                    problem: "there is no such rule"
                        + (suggestion.isEmpty ? "; \"numazones profiles --all\" lists them" : suggestion))
            }
            try rule.set(change.value, in: &profile)
        }
        if let broken = profile.brokenCondition {
            throw RuleError(
                text: "\(broken.key)=\(broken.value)",
                problem: "this needs \(broken.neededKey)=\(broken.neededValue), since \(broken.reason)")
        }
        return profile
    }

    /// The rules that are not as another profile has them.
    public func differences(from other: KernelProfile) -> [AllocatorRule] {
        AllocatorRule.all.filter { $0.value(in: self) != $0.value(in: other) }
    }

    /// What makes this profile of another one; empty: their rules are the same.
    public func changes(from other: KernelProfile) -> [RuleChange] {
        differences(from: other).map { RuleChange(key: $0.key, value: "\($0.value(in: self))") }
    }

    /// How near a kernel is to the profile that it gets.
    public enum Standing: Hashable, Sendable {
        /// A profile was verified against this kernel.
        case own
        /// Between two profiles: the older one's rules.
        case between
        /// Newer than any kernel that a profile was verified against.
        case newer
        /// Older than any.
        case older
    }

    /// How near a kernel is to the profile that it gets. Stable releases of a kernel are that kernel.
    public static func standing(of kernel: KernelVersion) -> Standing {
        let series = KernelVersion(kernel.major, kernel.minor)
        if all.contains(where: { $0.version == series }) { return .own }
        if let newest = all.last, series > newest.version { return .newer }
        if let oldest = all.first, series < oldest.version { return .older }
        return .between
    }
}
