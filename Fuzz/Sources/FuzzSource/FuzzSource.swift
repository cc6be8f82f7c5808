import NUMAZones

/// Whatever may be a machine, told by its content: archives, logs, pasted texts, hwloc's and libvirt's XML, command lines.
/// What is taken is built, and written in every form.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let machine = try? MachineSource.bytes(bytes, name: "input").load() else { return 0 }
    do {
        let built = try machine.machine()
        precondition(built.freePages >= 0, "a machine has a negative number of free pages")
    } catch { return 0 }
    for format in ExportFormat.all { _ = try? machine.exported(to: format) }
    return 0
}
