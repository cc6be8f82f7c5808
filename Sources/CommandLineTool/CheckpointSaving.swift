import Traces

/// Saves checkpoints of a replay at intervals and reports each.
struct CheckpointSaving {
    private let checkpoint: ReplayCheckpoint
    private let interval: Duration
    private var saved: ContinuousClock.Instant

    init(_ checkpoint: ReplayCheckpoint, every seconds: UInt32) {
        self.checkpoint = checkpoint
        interval = .seconds(Int(seconds))
        saved = ContinuousClock.now
    }

    /// Continues at the file's checkpoint if there is one; otherwise writes the first checkpoint.
    func begin(_ replay: inout Replay, _ input: inout TraceInput) throws(TraceError) {
        // Fails now rather than after an hour if the file cannot be written.
        guard checkpoint.exists else { return try checkpoint.save(replay, input) }
        try checkpoint.resume(&replay, &input)
        Output.complain("continuing from \(checkpoint.path), after \(replay.result.events) events")
    }

    /// Saves a checkpoint if it is time, and always before the replay is interrupted.
    mutating func step(
        _ replay: borrowing Replay, _ input: borrowing TraceInput, isLast: Bool
    ) throws(TraceError) {
        guard isLast || ContinuousClock.now - saved >= interval else { return }
        try checkpoint.save(replay, input)
        saved = ContinuousClock.now
        if isLast { Output.complain("saved in \(checkpoint.path); the same command continues from there") }
    }

    /// Removes the checkpoint after the whole trace was replayed, so that the next replay begins anew.
    func end() throws(TraceError) { try checkpoint.remove() }
}
