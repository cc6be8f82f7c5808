import GFP
import Topology

/// By whose rules something came about: what a result says of them.
public struct RulesInForce: Hashable, Sendable {
    /// The kernel whose rules were asked for.
    public var kernel: KernelVersion
    /// The profile that gave them.
    public var profile: String
    public var standing: KernelProfile.Standing
    /// Rules that are not the profile's kernel's.
    public var changes: [RuleChange]

    /// - `kernel`: The one asked for, where the profile may be another's.
    public init(_ profile: KernelProfile, of kernel: KernelVersion) {
        self.kernel = kernel
        self.profile = profile.name
        standing = KernelProfile(nearest: kernel).name == profile.name ? KernelProfile.standing(of: kernel) : .own
        changes = profile.changes
    }
}

extension Machine {
    /// By whose rules this machine goes.
    public var rules: RulesInForce { RulesInForce(profile, of: topology.kernel) }
}
