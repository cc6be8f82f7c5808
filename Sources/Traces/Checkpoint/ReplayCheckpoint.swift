import GFP
import PageAllocator
import SourceText
import Topology

/// An interrupted replay in a file, from which it continues with the same result as if it had not been interrupted.
///
/// The file is bound to the trace, the start state and the options. A new version is written beside it and then
/// replaces it, so that an interruption during writing leaves the previous one.
public struct ReplayCheckpoint: Sendable {
    /// The first eight bytes of the file.
    public static let magic: [UInt8] = [0x89, 0x4E, 0x5A, 0x43, 0x0D, 0x0A, 0x1A, 0x0A]
    /// The version that is written; no other is read.
    public static let version: UInt16 = 3
    static let file = BlockFile(
        magic: magic, version: version, oldestVersion: version, what: "a checkpoint",
        remedy: "Delete it to replay from the start")

    /// Where the file is.
    public let path: String
    private let binding: CheckpointBinding

    /// - Parameters:
    ///   - path: Where the file is, or will be.
    ///   - input: The trace.
    ///   - traceKernel: The kernel that the trace was opened with.
    ///   - replay: The replay, whose start state and options are used.
    /// - Throws: ``TraceError`` if the trace cannot be read a second time, like a pipe, or the checkpoint would not be
    ///   a regular file.
    public init(
        _ path: String, of input: borrowing TraceInput, traceKernel: KernelVersion? = nil, replay: borrowing Replay
    ) throws(TraceError) {
        self.path = path
        do { exists = try OutputFile.isPresent(path) } catch { throw TraceError(error) }
        guard let trace = input.identity else {
            throw TraceError(
                source: input.name, kind: .source,
                message: "cannot be resumed later, because it is not a regular file")
        }
        binding = CheckpointBinding(
            trace: trace, isBinary: input.isBinary, traceKernel: traceKernel, start: replay.start,
            profile: replay.profile, options: replay.options)
    }

    /// Whether there was a file to continue from.
    public let exists: Bool

    /// Writes the file, replacing an older one.
    public func save(_ replay: borrowing Replay, _ input: borrowing TraceInput) throws(TraceError) {
        var encoder = try CheckpointEncoder(path: path)
        try binding.encode(into: &encoder)
        try encoder.put(replay.machine.snapshot().json.text(pretty: false))
        try input.position.encode(into: &encoder)
        try replay.encode(into: &encoder)
        try encoder.finish()
    }

    /// Restores a replay and a trace to their positions when the file was written. Both must be new.
    ///
    /// - Throws: ``TraceError`` if the file is damaged or belongs to another replay; `replay` is then unchanged, and
    ///   the trace must be opened again.
    public func resume(_ replay: inout Replay, _ input: inout TraceInput) throws(TraceError) {
        let stream: ByteStream
        do {
            stream = try ByteStream(path)
        } catch { throw TraceError(error) }
        try resume(from: stream, &replay, &input)
    }

    /// The same, from a file in memory.
    public func resume(
        from stream: consuming ByteStream, _ replay: inout Replay, _ input: inout TraceInput
    ) throws(TraceError) {
        var decoder = try CheckpointDecoder(stream)
        try binding.check(&decoder, path: path)
        let text = SourceFile(name: path, bytes: try decoder.bytes())
        guard let snapshot = Snapshot.check(text).snapshot else { throw decoder.damaged("its machine is not valid") }
        var other: Replay
        do {
            var machine = try Machine.restoring(snapshot, profile: replay.profile)
            machine.checksFrees = false
            other = Replay(machine, start: replay.start, options: replay.options, profile: replay.profile)
        } catch { throw decoder.damaged("its machine cannot be restored: \(error)") }
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

    /// Removes the file at the end of the replay.
    public func remove() throws(TraceError) {
        do { try OutputFile.remove(path) } catch { throw TraceError(error) }
    }
}
