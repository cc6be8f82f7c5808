import FailureAnalysis
import LogTrials
import Testing

/// Causes told from logs that our own machines make, each brought into its shortage on purpose and written as a kernel
/// from 2.6.32 to 7.3 would: other sizes, nodes, orders, masks and kernels than the logs that the rules were first verified against.
/// A sample: `trials labelled` of the benchmarks runs thousands, in release.
@Suite struct HeldOutCauseTests {
    @Test(arguments: HeldOutCase.causes)
    func `a shortage that no log was there to learn from is given its cause`(_ truth: Cause) throws {
        var trial = LabelledTrial()
        for seed in 0..<UInt64(3) { try trial.run(truth, seed: seed) }
        #expect(trial.right == 3 && trial.misses.isEmpty, "\(trial.misses.joined(separator: "\n"))")
    }
}
