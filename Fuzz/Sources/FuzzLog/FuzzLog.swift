import NUMAZones

/// Kernel logs: reports, the machine rebuilt from each, and boot logs.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    for report in LogScanner.reports(in: bytes) {
        let (snapshot, _) = report.snapshot()
        guard let machine = try? Machine.restoring(snapshot) else { continue }
        precondition(machine.freePages >= 0)
    }
    let boot = BootLog(bytes)
    _ = boot.topology()
    return 0
}
