import NUMAZones
import SourceText

/// JSON of every kind: descriptions of machines, saved states, scenarios and recordings, and the machines they make.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    guard let document = try? JSONDocument(text: text, name: "input") else { return 0 }
    if let topology = Topology.check(document).topology { exercise(try? Machine(topology)) }
    if let snapshot = Snapshot.check(document).snapshot { exercise(try? Machine.restoring(snapshot)) }
    if let recording = try? Recording(document) { exercise(try? Machine.restoring(recording.before)) }
    _ = Scenario.check(document, folder: "/nonexistent/")
    return 0
}

/// A machine that could be built must serve and take back.
func exercise(_ machine: consuming Machine?) {
    guard var machine = machine else { return }
    let cpu = machine.cpuIDs[0]
    for order in 0..<4 {
        let request = AllocationRequest(.GFP_KERNEL, order: Order(order), cpu: cpu)
        if let frame = machine.allocate(request) { machine.free(frame, order: Order(order), cpu: cpu) }
    }
}
