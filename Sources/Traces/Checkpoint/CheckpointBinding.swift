import GFP
import PageAllocator
import SourceText
import Topology

/// What a checkpoint belongs to. Continued with anything else, its result would be meaningless.
struct CheckpointBinding: Sendable {
    let trace: TraceIdentity
    let isBinary: Bool
    /// A checksum of the start state's JSON text.
    let start: UInt32
    /// The options, each with its name on the command line.
    let options: [(name: String, value: String)]

    init(
        trace: TraceIdentity, isBinary: Bool, traceKernel: KernelVersion?, start: MachineStart, profile: KernelProfile?,
        options: ReplayOptions
    ) {
        self.trace = trace
        self.isBinary = isBinary
        let text =
            switch start {
            case .topology(let topology): "topology" + topology.json.text(pretty: false)
            case .snapshot(let snapshot): "snapshot" + snapshot.json.text(pretty: false)
            }
        self.start = Array(text.utf8).withUnsafeBytes { DeflateBlock.checksum($0) }
        self.options = [
            ("lockstep", options.mode == .lockstep ? "yes" : "no"),
            ("learn-policies", options.learnsPolicies ? "yes" : "no"),
            ("follow-lists", options.followsLists ? "yes" : "no"),
            ("order", "\(options.fragmentationOrder)"), ("trace-kernel", traceKernel.map { "\($0)" } ?? "none"),
            ("start mark", options.startMark), ("end mark", options.endMark),
            ("kernel profile", profile?.name ?? "the machine's"),
        ]
    }

    func encode(into encoder: inout CheckpointEncoder) throws(TraceError) {
        try encoder.put(trace.size)
        try encoder.put(UInt64(trace.checksum))
        try encoder.put(isBinary)
        try encoder.put(UInt64(start))
        for option in options { try encoder.put(option.value) }
    }

    /// Compares the checkpoint's binding with this one.
    ///
    /// - Throws: ``TraceError`` if the checkpoint is another replay's.
    func check(_ decoder: inout CheckpointDecoder, path: String) throws(TraceError) {
        let size = try decoder.integer()
        guard size == trace.size else {
            throw foreign(path, "its trace has \(size) bytes, this one \(trace.size)")
        }
        let isSame = try decoder.number() == UInt64(trace.checksum)
        guard try decoder.flag() == isBinary, isSame else {
            throw foreign(path, "its trace is as long as this one, but begins differently")
        }
        guard try decoder.number() == UInt64(start) else {
            throw foreign(path, "it began with another machine or another state")
        }
        for option in options {
            let value = try decoder.text()
            guard value == option.value else {
                throw foreign(path, "its --\(option.name) is \(value), this one's \(option.value)")
            }
        }
    }

    private func foreign(_ path: String, _ message: String) -> TraceError {
        TraceError(
            source: path, kind: .foreign,
            message: "belongs to another replay: \(message). "
                + "Name another file, or delete this one to replay from the start")
    }
}
