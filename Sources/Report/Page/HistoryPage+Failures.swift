import FailureAnalysis
import History
import PageAllocator

extension HistoryPage {
    /// The largest number of machines in a page beside the answers: a log may have hundreds of reports.
    private static let mostMachines = 8
    /// The largest number of free blocks of an order and type that are laid out one by one.
    private static let mostBlocks = 4096

    /// A page for a log's reports: the answer to each, and the rebuilt machine with the request repeated, to step
    /// through.
    ///
    /// - Parameters:
    ///   - reports: The explained reports.
    public init(explaining reports: [FailureAnalysisReport]) {
        var runs: [Run] = []
        var places: [Int?] = []
        for report in reports {
            let history = runs.count < Self.mostMachines ? Self.history(of: report.analysis) : nil
            if let history { runs.append(Run(name: report.title, history: history)) }
            places.append(history == nil ? nil : runs.count)
        }
        self.init(
            runs: runs,
            title: reports.count == 1 ? "Why memory was refused" : "Why memory was refused, in \(reports.count) reports"
        )
        opening = FailureMarkup(reports: reports, runs: places).sections
        about =
            runs.isEmpty
            ? "No machine can be rebuilt from this, so there is nothing to step through."
            : "The machine is rebuilt from the report and the request is repeated on it. Which page frames its free blocks "
                + "have, no report says: they are laid out so that the counts are right."
    }

    /// The history of the repeated request; nil if there is no machine.
    private static func history(of analysis: FailureAnalysis) -> MachineHistory? {
        guard let retrial = analysis.retrial, var machine = try? retrial.restored(blocks: mostBlocks) else {
            return nil
        }
        let recorder = HistoryRecorder(machine)
        machine.listener = recorder
        _ = machine.allocate(retrial.request)
        return recorder.history
    }
}
