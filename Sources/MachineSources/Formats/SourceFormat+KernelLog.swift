import FailureAnalysis
import KernelLog
import SourceText
import Topology

extension SourceFormat {
    /// Kernel logs: of a boot, which has addresses and is preferred, or of a failure, which has amounts of free memory.
    static let kernelLog = SourceFormat(
        name: "a kernel log", accepted: "a kernel log with a boot or a report of failed memory",
        recognises: { input in
            guard let file = input.file, !input.isBinary else { return false }
            if file.bytes.starts(with: [0xFF, 0xFE]) || file.bytes.starts(with: [0xFE, 0xFF]) { return false }
            return BootLog(file.bytes).describesMachine || !LogScanner.reports(in: file.bytes).isEmpty
        },
        load: { input in try loadLog(input) })

    private static func loadLog(_ input: SourceInput) throws -> SourcePart {
        let boot = BootLog(input.bytes)
        let reports = LogScanner.reports(in: input.bytes)
        guard input.nth == nil, boot.describesMachine, boot.tellsMemory || reports.isEmpty else {
            return try loadReport(input, reports)
        }
        var facts = MachineFacts(name: input.name)
        facts.bootLog = boot
        if !reports.isEmpty {
            facts.note(
                "The log also has \(reports.count == 1 ? "a report" : "\(reports.count) reports") of failed memory: "
                    + "--nth 1 shows the machine as it was then.", .notUnderstood)
        }
        return SourcePart(facts: facts, kind: "a boot log", name: input.name)
    }

    private static func loadReport(_ input: SourceInput, _ reports: [FailureReport]) throws -> SourcePart {
        let number = input.nth ?? 1
        guard reports.indices.contains(number - 1) else {
            let has = reports.isEmpty ? "no reports" : reports.count == 1 ? "1 report" : "\(reports.count) reports"
            throw SourceRefusal("--nth \(number): the log has \(has)")
        }
        let report = reports[number - 1]
        guard let machine = ReportedMachine(report) else {
            throw SourceRefusal(
                "\(input.name): report \(number) of \(reports.count), at line \(report.line), lists no zones "
                    + "of which a machine could be made")
        }
        let place = "\(input.name), report \(number) of \(reports.count), line \(report.line)"
        var facts = MachineFacts(name: input.name)
        var snapshot = machine.snapshot
        snapshot.topology.name = place
        facts.complete = snapshot
        facts.hasOpenDistances = true
        facts.notes = machine.assumptions.map { SourceNote(.assumed, $0) }
        return SourcePart(facts: facts, kind: "a kernel log", name: place)
    }
}
