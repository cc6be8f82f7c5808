import NUMAZones
import SourceText

/// Traces in every form, replayed both ways; binary ones with their checksums made right, or nothing behind them would ever
/// be reached. A first byte of 1 or 2 makes the rest changes to a checkpoint, three bytes of place and one of value each.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    var bytes = Array(UnsafeBufferPointer(start: start, count: count))
    switch bytes.first {
    case 1: resume(SavedReplay.free.changed(by: bytes.dropFirst()), .free)
    case 2: resume(SavedReplay.lockstep.changed(by: bytes.dropFirst()), .lockstep)
    default:
        if bytes.starts(with: BinaryTrace.magic) { Checksums.mend(&bytes) }
        for mode in [ReplayOptions.Mode.free, .lockstep] { replay(bytes, mode) }
    }
    return 0
}

/// Two nodes of 16 MiB: small enough to be filled by a small input.
let topology = Topology(
    name: "two small nodes",
    nodes: [
        Topology.Node(id: 0, cpus: [0, 1], memory: [PageFrame(rawValue: 0)..<PageFrame(rawValue: 1 << 12)]),
        Topology.Node(id: 1, cpus: [2, 3], memory: [PageFrame(rawValue: 1 << 12)..<PageFrame(rawValue: 1 << 13)]),
    ])

func replay(_ bytes: [UInt8], _ mode: ReplayOptions.Mode) {
    guard var input = try? TraceInput.open(ByteStream(name: "input", bytes: bytes)),
        var replay = try? Replay(on: .topology(topology), options: ReplayOptions(mode: mode))
    else { return }
    try? replay.run(&input)
    do { try replay.machine.checkInvariants() } catch { preconditionFailure("\(error)") }
    _ = ReplayReport(replay.result, trace: "input", machine: "").text()
}

func resume(_ bytes: [UInt8], _ mode: ReplayOptions.Mode) {
    guard var input = try? TraceInput.open(ByteStream(name: "trace", bytes: SavedReplay.trace)),
        var replay = try? Replay(on: .topology(topology), options: ReplayOptions(mode: mode)),
        let checkpoint = try? ReplayCheckpoint("checkpoint", of: input, replay: replay)
    else { return }
    do {
        try checkpoint.resume(from: ByteStream(name: "checkpoint", bytes: bytes), &replay, &input)
    } catch { return }
    // Every block of the checkpoint must be one that can be freed.
    let frees = (0..<UInt64(1 << 7)).map { TraceEvent(.free, frame: $0, order: 0) }
    replay.play(frees, vocabulary: input.vocabulary)
    _ = ReplayReport(replay.result, trace: "input", machine: "").text()
}

/// Sets the checksums of a file of blocks, as far as its sizes make sense.
enum Checksums {
    static func mend(_ bytes: inout [UInt8]) {
        guard bytes.count >= 32 else { return }
        set(&bytes, at: 28, over: 0..<28)
        var place = 32
        while place + 24 <= bytes.count {
            let size = Int(number(bytes, place + 12))
            guard size <= bytes.count - place - 24 else { return set(&bytes, at: place + 20, over: place..<place + 20) }
            // Only of stored blocks the content is at hand.
            if bytes[place + 1] == 0 { set(&bytes, at: place + 16, over: place + 24..<place + 24 + size) }
            set(&bytes, at: place + 20, over: place..<place + 20)
            place += 24 + size
        }
    }

    static func number(_ bytes: [UInt8], _ place: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) }
    }

    private static func set(_ bytes: inout [UInt8], at place: Int, over range: Range<Int>) {
        let sum = bytes.withUnsafeBytes { DeflateBlock.checksum(UnsafeRawBufferPointer(rebasing: $0[range])) }
        for index in 0..<4 { bytes[place + index] = UInt8(truncatingIfNeeded: sum >> UInt32(8 * index)) }
    }
}
