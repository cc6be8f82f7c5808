import GFP
import PageAllocator
import Recordings
import Report
import Topology

/// How the verb `verify` replays each recording.
struct RecordingReplay: Sendable {
    var rules: Rules
    /// Show the walk of the first request that differs.
    var explains: Bool
    /// Look for the rules that explain a difference.
    var blames: Bool
    var checksInvariants: Bool

    /// Whose rules were asked for; without a version, changes are to each recording's own kernel's.
    struct Rules: Sendable {
        var version: KernelVersion?
        var changes: [RuleChange]

        /// Nil: the recording's own.
        func profile(for recording: Recording) throws(RuleError) -> KernelProfile? {
            guard version != nil || !changes.isEmpty else { return nil }
            return try KernelProfile(nearest: version ?? recording.version).changed(by: changes)
        }
    }

    /// What became of a file.
    enum Outcome: Sendable {
        case entry(VerificationReport.Entry)
        case unreadable(String)
    }

    func replay(_ path: String) -> Outcome {
        do {
            let recording = try Recording.load(path)
            let profile = try rules.profile(for: recording)
            let result = Verifier.verify(recording, under: profile, checksInvariants: checksInvariants)
            var entry = VerificationReport.Entry(result)
            if explains { entry.explain(from: recording, under: profile) }
            if blames { entry.blame(from: recording, under: profile) }
            return .entry(entry)
        } catch {
            return .unreadable("\(error)")
        }
    }
}
