import GFP
import PageAllocator

/// How a replay of a recording came out.
public struct VerificationResult: Sendable {
    /// The recording's name.
    public var name: String
    /// The kernel, as the recording names it: "6.12-cma".
    public var kernel: String
    /// The rules that it was replayed under.
    public var rules: RulesInForce
    public var outcome: Outcome
    /// Operations replayed with the recorded answer.
    public var operations: Int
    /// Operations in the recording.
    public var total: Int
    /// Time that the operations took, without loading and comparing states, in seconds.
    public var seconds: Double

    public enum Outcome: Sendable, Equatable {
        /// Every answer, event and state.
        case exact
        case differs(Difference)
        /// Not a recording to be exact about; why.
        case skipped(String)
        /// No profile was verified against the recording's kernel, and none was named instead.
        case withoutProfile(KernelVersion)
    }

    /// The first place at which the replay is not what the kernel did.
    public struct Difference: Sendable, Equatable {
        /// Counted from 0; the number of operations: the state at the end.
        public var operation: Int
        /// What was asked.
        public var what: String
        public var expected: String
        public var got: String
    }

    public var isExact: Bool { outcome == .exact }
}
