import Foundation
import PageAllocator
import Recordings
import SourceText
import TestSupport
import Testing
import Traces

/// Traces of real kernels with the state that they start from. Not part of the project.
@Suite struct SharedLockstepTests {
    static let traces = SharedMaterial.files(in: "oracle/traces", endingIn: "trace.txt.gz")

    @Test(
        .enabled(if: !traces.isEmpty), arguments: traces)
    func `from the recorded state, 99 of 100 requests land in the node and zone that the kernel chose`(path: String)
        throws
    {
        let trace = SharedMaterial.root.appendingPathComponent(path)
        let state = trace.deletingLastPathComponent().appendingPathComponent("start.json.gz")
        let recording = try Recording.load(state.path)
        var input = try TraceInput.open(trace.path)
        var replay = try Replay(on: .snapshot(recording.before), options: ReplayOptions(mode: .lockstep))
        try replay.run(&input)
        let agreement = replay.result.agreement
        #expect(agreement.compared > 4000)
        #expect(Double(agreement.node) >= 0.99 * Double(agreement.compared), "\(agreement)")
        #expect(Double(agreement.zone) >= 0.99 * Double(agreement.compared), "\(agreement)")
        try replay.machine.checkInvariants()
    }
}
