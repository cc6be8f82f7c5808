import GFP
import SourceText
import Topology

extension KernelProfile {
    /// The rules of a machine with this description: those nearest to its kernel, with its changes.
    ///
    /// - Throws: `RuleError` if a change names no rule, gives it a value that it does not take, or makes rules
    ///   contradict each other.
    public init(of topology: Topology) throws(RuleError) {
        self = try KernelProfile(nearest: topology.kernel).changed(by: topology.rules)
    }

    /// Like ``init(of:)``, but throws what a machine's initialiser throws.
    public static func inForce(on topology: Topology) throws(MachineError) -> KernelProfile {
        do throws(RuleError) { return try KernelProfile(of: topology) } catch { throw .impossibleRule(error) }
    }

    /// The same rules with some changed, all or none.
    ///
    /// - Throws: `RuleError` as ``init(of:)``.
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

    /// The rules whose values differ from another profile's.
    public func differences(from other: KernelProfile) -> [AllocatorRule] {
        AllocatorRule.all.filter { $0.value(in: self) != $0.value(in: other) }
    }

    /// The changes that make this profile out of another; empty if their rules are the same.
    public func changes(from other: KernelProfile) -> [RuleChange] {
        differences(from: other).map { RuleChange(key: $0.key, value: "\($0.value(in: self))") }
    }

    /// How a kernel relates to the profile that is used for it.
    public enum Standing: Hashable, Sendable {
        /// The profile was verified against this kernel.
        case own
        /// The kernel is between two profiles, and gets the older one's rules.
        case between
        /// The kernel is newer than any that a profile was verified against.
        case newer
        /// The kernel is older than any.
        case older
    }

    /// How a kernel relates to the profile that is used for it. Stable releases count as their kernel.
    public static func standing(of kernel: KernelVersion) -> Standing {
        let series = KernelVersion(kernel.major, kernel.minor)
        if all.contains(where: { $0.version == series }) { return .own }
        if let newest = all.last, series > newest.version { return .newer }
        if let oldest = all.first, series < oldest.version { return .older }
        return .between
    }
}
