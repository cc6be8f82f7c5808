import KernelText

struct FailureSentence {
    let report: FailureReport
    let request: FailedRequest?
    let scene: FailureScene?
    let account: MemoryAccount?

    func text(_ cause: Cause, verdict: FailureAnalysis.Verdict) -> String { cause.title }

    func consequence(of kill: FailureAnalysis) -> String { kill.cause.title }
}
