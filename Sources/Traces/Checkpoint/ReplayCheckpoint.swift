import GFP
import PageAllocator
import SourceText
import Topology

/// A replay interrupted, kept in a file from which it continues as if it had not been: the result is the same.
///
/// The file is bound to the trace, the start state and the options. It is rewritten beside its place and then put there,
/// so that interrupting while it is written leaves the one before.
public struct ReplayCheckpoint: Sendable {
    /// The first eight bytes of the file.
    public static let magic: [UInt8] = [0x89, 0x4E, 0x5A, 0x43, 0x0D, 0x0A, 0x1A, 0x0A]
    public static let version: UInt16 = 2
    static let file = BlockFile(
        magic: magic, version: version, oldestVersion: version, what: "a checkpoint",
        remedy: "Delete it to replay from the start")

    public let path: String
    private let binding: CheckpointBinding

    /// - Parameters:
    ///   - path: Where the file is, or will be.
    ///   - input: The trace.
    ///   - traceKernel: What the trace was opened with.
    ///   - replay: The replay, from which the start state and the options are taken.
    /// - Throws: ``TraceError`` if the trace cannot be read a second time, as a pipe cannot, or the checkpoint would not be
    ///   an ordinary file.
    public init(
        _ path: String, of input: borrowing TraceInput, traceKernel: KernelVersion? = nil, replay: borrowing Replay
    ) throws(TraceError) {
        self.path = path
        do { exists = try OutputFile.isPresent(path) } catch { throw TraceError(error) }
        guard let trace = input.identity else {
            throw TraceError(
                source: input.name, kind: .source,
                message: "cannot be resumed later, being no ordinary file; a checkpoint needs one")
        }
        binding = CheckpointBinding(
            trace: trace, isBinary: input.isBinary, traceKernel: traceKernel, start: replay.start,
            profile: replay.profile, options: replay.options)
    }

    /// Whether there is something to continue from.
    public let exists: Bool

    /// Writes the file, in place of an older one.
    public func save(_ replay: borrowing Replay, _ input: borrowing TraceInput) throws(TraceError) {
        var encoder = try CheckpointEncoder(path: path)
        try binding.encode(into: &encoder)
        try encoder.put(replay.machine.snapshot().json.text(pretty: false))
        try input.position.encode(into: &encoder)
        try replay.encode(into: &encoder)
        try encoder.finish()
    }

    /// Puts a replay and a trace where they stood when the file was written. Both must be new.
    ///
    /// - Throws: ``TraceError`` if the file is damaged, or of another replay; `replay` is then as it was, and the trace to be
    ///   reopened.
    public func resume(_ replay: inout Replay, _ input: inout TraceInput) throws(TraceError) {
        let stream: ByteStream
        do {
            stream = try ByteStream(path)
        } catch { throw TraceError(error) }
        try resume(from: stream, &replay, &input)
    }

    /// The same, from a file that is in memory.
    public func resume(
        from stream: consuming ByteStream, _ replay: inout Replay, _ input: inout TraceInput
    ) throws(TraceError) {
        var decoder = try CheckpointDecoder(stream)
        try binding.check(&decoder, path: path)
        let text = SourceFile(name: path, bytes: try decoder.bytes())
        guard let snapshot = Snapshot.check(text).snapshot else { throw decoder.damaged("its machine is none") }
        var other: Replay
        do {
            var machine = try Machine.restoring(snapshot, profile: replay.profile)
            machine.checksFrees = false
            other = Replay(machine, start: replay.start, options: replay.options, profile: replay.profile)
        } catch { throw decoder.damaged("its machine cannot be: \(error)") }
        guard other.result.zones == replay.result.zones, other.machine.nodeIDs == replay.machine.nodeIDs,
            other.machine.cpuIDs == replay.machine.cpuIDs, other.machine.maximumOrder == replay.machine.maximumOrder
        else { throw decoder.damaged("its machine is not the one that the replay began on") }
        try input.resume(at: TraceInput.Position(from: &decoder))
        other.learn(input.vocabulary)
        try other.decode(from: &decoder)
        try decoder.finish()
        try BlockCheck(other.machine.snapshot()).check(other, decoder)
        replay = other
    }

    /// Removes the file: the replay has come to its end.
    public func remove() throws(TraceError) {
        do { try OutputFile.remove(path) } catch { throw TraceError(error) }
    }
}
