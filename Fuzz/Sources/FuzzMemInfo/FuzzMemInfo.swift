import NUMAZones
import SourceText

/// Reports that are written by a grammar of `Mem-Info`: read, laid out as machines, and one in eight answered, which costs
/// a hundred times as much.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let written = MemInfoGrammar(bytes)
    let reports = LogScanner.reports(in: written.text).filter(isQuick)
    for report in reports {
        let (snapshot, _) = report.snapshot()
        if let machine = try? Machine.restoring(snapshot) { precondition(machine.freePages >= 0) }
        holdFigures(report, written)
    }
    if count % 8 == 0 { answer(FailureAnalysis.analyses(of: Array(reports.prefix(3)))) }
    return 0
}

/// Each free block is given a place, which under the sanitizer takes half a microsecond: as many as a machine may have
/// would use up an input's time. That limit has a test of its own.
private func isQuick(_ report: FailureReport) -> Bool {
    var blocks = 0
    for zone in report.snapshot().snapshot.zones {
        guard case .counts(let counts) = zone.free else { continue }
        for count in counts { blocks += min(max(count.total, 0), 1 << 20) }
    }
    return blocks < 1 << 20
}

/// What was written whole is read as it was written, or left out because no machine has so much.
private func holdFigures(_ report: FailureReport, _ written: MemInfoGrammar) {
    guard !written.isDamaged, let memory = report.memory else { return }
    for zone in memory.zones {
        guard let free = zone.free else { continue }
        let isWritten = written.zones.contains { $0.node == zone.node && $0.name == zone.name && $0.free == free }
        precondition(isWritten, "\(free) kB free in node \(zone.node) \(zone.name) is nowhere in the report")
    }
}
