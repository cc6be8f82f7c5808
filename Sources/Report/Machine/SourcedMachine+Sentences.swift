import FailureAnalysis
import MachineSources

extension SourcedMachine {
    /// What there is to say about the source, and of marks that do not follow from the settings: each once.
    public var sentences: [String] {
        notes.map(\.description) + (MarkCheck(snapshot)?.sentences ?? [])
    }
}
