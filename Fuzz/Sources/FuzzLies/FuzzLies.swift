import NUMAZones
import SourceText

/// Well-formed documents that lie (see `Liar`), in every form that names parts of a machine: recordings, saved states,
/// descriptions of machines and scenarios.
///
/// The input is two numbers of eight bytes for each lie, and behind them the document: sixteen bytes are enough for the
/// mutator to walk through all lies about it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 16 else { return 0 }
    let bytes = UnsafeRawBufferPointer(start: start, count: count)
    let place = bytes.loadUnaligned(as: UInt64.self)
    let choice = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    let text = String(decoding: bytes[16...], as: UTF8.self)
    guard let truth = try? JSONDocument(text: text, name: "truth") else { return 0 }
    let liar = Liar(truth)
    guard let (document, _) = liar.lie(at: Int(place >> 1), choice: choice) else { return 0 }

    if let topology = Topology.check(document).topology { exercise(try? Machine(topology)) }
    if let snapshot = Snapshot.check(document).snapshot { exercise(try? Machine.restoring(snapshot)) }
    if let recording = try? Recording(document) {
        _ = Verifier.verify(recording)
        _ = try? LiveVerifier.verify(recording)
    }
    if var scenario = Scenario.check(document, folder: "/nonexistent/").scenario {
        scenario.limit = min(scenario.limit, 1000)
        _ = try? scenario.run()
    }
    return 0
}

/// A machine that could be built must serve and take back.
func exercise(_ machine: consuming Machine?) {
    guard var machine = machine else { return }
    for cpu in machine.cpuIDs {
        for order in 0..<4 {
            let request = AllocationRequest(.GFP_KERNEL, order: Order(order), cpu: cpu)
            if let frame = machine.allocate(request) { machine.free(frame, order: Order(order), cpu: cpu) }
        }
    }
    machine.drainAll()
}
