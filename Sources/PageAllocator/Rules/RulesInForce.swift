import GFP
import Topology

/// Whose rules led to a result, as the result states it.
public struct RulesInForce: Hashable, Sendable {
    /// The kernel whose rules were asked for.
    public var kernel: KernelVersion
    /// The profile that was used.
    public var profile: String
    /// How the kernel relates to that profile.
    public var standing: KernelProfile.Standing
    /// Rules that differ from the profile's kernel.
    public var changes: [RuleChange]

    /// - Parameters:
    ///   - profile: The rules in effect.
    ///   - kernel: The kernel asked for; the profile may be another's.
    public init(_ profile: KernelProfile, of kernel: KernelVersion) {
        let usual = KernelProfile(nearest: kernel)
        let isKernels = usual.name == profile.name
        self.kernel = kernel
        self.profile = profile.name
        standing = isKernels ? KernelProfile.standing(of: kernel) : .own
        changes = profile.changes(from: isKernels ? usual : KernelProfile(nearest: profile.version))
    }

    /// A kernel's rules, some of them changed. Changes that contradict each other are ignored: no machine follows them.
    public init(of kernel: KernelVersion, changedBy changes: [RuleChange] = []) {
        let usual = KernelProfile(nearest: kernel)
        self.init((try? usual.changed(by: changes)) ?? usual, of: kernel)
    }

    /// The rules of a machine with this description.
    public init(of topology: Topology) { self.init(of: topology.kernel, changedBy: topology.rules) }
}

extension Machine {
    /// The rules that this machine follows.
    public var rules: RulesInForce { RulesInForce(profile, of: topology.kernel) }
}
