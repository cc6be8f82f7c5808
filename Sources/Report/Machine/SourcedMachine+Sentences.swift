import FailureAnalysis
import MachineSources

extension SourcedMachine {
    /// The notes about the source, and sentences about marks that do not follow from the settings.
    public var sentences: [String] {
        notes.map(\.description) + (MarkCheck(snapshot)?.sentences ?? [])
    }
}
