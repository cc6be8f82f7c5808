import GFP
import PageAllocator

/// The result of replaying a recording.
public struct VerificationResult: Sendable {
    /// The recording's name.
    public var name: String
    /// The kernel, as the recording names it: "6.12-cma".
    public var kernel: String
    /// The rules that were used.
    public var rules: RulesInForce
    /// How it ended.
    public var outcome: Outcome
    /// How many operations were replayed with the recorded result.
    public var operations: Int
    /// How many operations the recording has.
    public var total: Int
    /// How long the operations took, without loading and comparing states, in seconds.
    public var seconds: Double

    /// How a replay ended.
    public enum Outcome: Sendable, Equatable {
        /// Every result, event and state agrees.
        case exact
        case differs(Difference)
        /// Not a recording that can be exact, and why.
        case skipped(String)
        /// No profile was verified against the recording's kernel, and none was chosen instead.
        case withoutProfile(KernelVersion)
    }

    /// The first place at which the replay differs from the kernel.
    public struct Difference: Sendable, Equatable {
        /// The operation, from 0; the number of operations stands for the final state.
        public var operation: Int
        /// What was compared.
        public var what: String
        /// The recorded value.
        public var expected: String
        /// This machine's value.
        public var got: String
    }

    /// Whether everything agrees.
    public var isExact: Bool { outcome == .exact }
}
