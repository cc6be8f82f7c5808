extension FailureReport {
    /// A log's reports, oldest first: in order of their beginnings, or in reverse if the log has its newest line first.
    static func inOrderOfTime(_ reports: [FailureReport]) -> [FailureReport] {
        let isNewestFirst = reports.contains { $0.lastLine < $0.line }
        return reports.sorted { isNewestFirst ? $0.line > $1.line : $0.line < $1.line }
    }
}
