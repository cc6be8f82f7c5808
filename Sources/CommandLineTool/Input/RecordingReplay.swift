import GFP
import PageAllocator
import Recordings
import Report
import Topology

/// The way in which the verb `verify` replays each recording.
struct RecordingReplay: Sendable {
    var rules: Rules
    /// Whether to show the walks of the first request that differs.
    var explains: Bool
    /// Whether to look for the rules that explain a difference.
    var blames: Bool
    var checksInvariants: Bool

    /// The rules that the user chose; without a version, the changes apply to the rules of each recording's own kernel.
    struct Rules: Sendable {
        var version: KernelVersion?
        var changes: [RuleChange]

        /// The rules for a recording; nil: those of its own kernel.
        func profile(for recording: Recording) throws(RuleError) -> KernelProfile? {
            guard version != nil || !changes.isEmpty else { return nil }
            return try KernelProfile(nearest: version ?? recording.version).changed(by: changes)
        }
    }

    /// The result of one file.
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
