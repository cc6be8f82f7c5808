import PageAllocator
import Recordings

extension VerificationReport.Entry {
    /// Adds the walks of the first request that differs.
    ///
    /// - Parameters:
    ///   - recording: The recording.
    ///   - profile: The rules; nil: those of the recording's own kernel.
    public mutating func explain(from recording: Recording, under profile: KernelProfile?) {
        explanation = Verifier.beforeDifference(of: result, in: recording, under: profile) { machine, request in
            AllocationReport(machine.make(request, count: 1, explains: true), on: machine)
        }
    }

    /// Looks for the rules that explain a difference.
    ///
    /// - Parameters:
    ///   - recording: The recording.
    ///   - profile: The rules; nil: those of the recording's own kernel.
    public mutating func blame(from recording: Recording, under profile: KernelProfile?) {
        guard case .differs = result.outcome else { return }
        let from = profile ?? KernelProfile(nearest: recording.version)
        let own = KernelProfile(nearest: recording.version)
        wasBlamed = true
        blame = VerificationBlame(
            of: recording, under: from, among: [own] + VerificationBlame.neighbours(of: from))
    }

    /// "6.12-cma, rules of 6.12".
    var rulesText: String {
        result.kernel == result.rules.profile ? result.rules.words : "\(result.kernel), \(result.rules.words)"
    }

    func blameText(_ style: TextStyle) -> String {
        guard wasBlamed else { return "" }
        guard let blame else {
            return style.wrap("No known kernel's rules, and no mixture with them, explain it.", indent: 2, hanging: 2)
        }
        return blame.text(style)
    }
}
