import GFP
import Topology

/// By whose rules something came about: what a result says about them.
public struct RulesInForce: Hashable, Sendable {
    /// The kernel whose rules were asked for.
    public var kernel: KernelVersion
    /// The profile that gave them.
    public var profile: String
    public var standing: KernelProfile.Standing
    /// Rules that are not the profile's kernel's.
    public var changes: [RuleChange]

    /// - Parameters:
    ///   - profile: What holds.
    ///   - kernel: The kernel asked for; the profile may be another's.
    public init(_ profile: KernelProfile, of kernel: KernelVersion) {
        let usual = KernelProfile(nearest: kernel)
        let isKernels = usual.name == profile.name
        self.kernel = kernel
        self.profile = profile.name
        standing = isKernels ? KernelProfile.standing(of: kernel) : .own
        changes = profile.changes(from: isKernels ? usual : KernelProfile(nearest: profile.version))
    }

    /// A kernel's, some of them changed. Changes that contradict each other are left out: no machine goes by them.
    public init(of kernel: KernelVersion, changedBy changes: [RuleChange] = []) {
        let usual = KernelProfile(nearest: kernel)
        self.init((try? usual.changed(by: changes)) ?? usual, of: kernel)
    }

    /// Those of a machine of this description.
    public init(of topology: Topology) { self.init(of: topology.kernel, changedBy: topology.rules) }
}

extension Machine {
    /// By whose rules this machine goes.
    public var rules: RulesInForce { RulesInForce(profile, of: topology.kernel) }
}
