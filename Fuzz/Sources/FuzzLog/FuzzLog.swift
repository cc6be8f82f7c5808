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
