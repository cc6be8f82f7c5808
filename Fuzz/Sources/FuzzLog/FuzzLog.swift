import NUMAZones
import SourceText

/// Kernel logs: the reports found, the answer to each in every form, and boot logs.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let reports = LogScanner.reports(in: bytes)
    // However the log is cut into pieces, the same reports are found.
    precondition(reportsInPieces(bytes) == reports, "the size of the pieces matters")
    for report in reports {
        let (snapshot, _) = report.snapshot()
        guard let machine = try? Machine.restoring(snapshot) else { continue }
        precondition(machine.freePages >= 0)
    }
    // Each answer costs some forty machines: a few are enough.
    answer(FailureAnalysis.analyses(of: Array(reports.prefix(3))))
    let boot = BootLog(bytes)
    _ = boot.machine()
    _ = BootOrderCheck(boot).sentence
    return 0
}

private func reportsInPieces(_ bytes: [UInt8]) -> [FailureReport] {
    var scanner = LogScanner()
    var reports: [FailureReport] = []
    let step = 1 + (bytes.first.map(Int.init) ?? 0) * 16
    for start in stride(from: 0, to: bytes.count, by: step) {
        reports += scanner.scan(Array(bytes[start..<min(bytes.count, start + step)]))
    }
    return (reports + scanner.finish()).sorted { $0.line < $1.line }
}

/// Nothing of an untrusted log may leave it as a control character or as markup.
private func answer(_ analyses: [FailureAnalysis]) {
    let reports = analyses.enumerated().map { FailureAnalysisReport($1, number: $0 + 1, of: analyses.count) }
    for report in reports {
        precondition(!report.sentence.isEmpty)
        let text = report.text()
        precondition(text.utf8.allSatisfy { $0 >= 0x20 || $0 == 0x0A }, "a control character is printed")
        precondition(!FailurePicture(report).svg.contains("<script"), "markup of the log is in the picture")
    }
    let listing = FailureListing(analyses)
    _ = listing.text()
    _ = listing.json.text()
    precondition(!FailurePage(reports).html.contains("<script"), "markup of the log is in the page")
}
