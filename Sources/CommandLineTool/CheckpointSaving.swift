import Traces

/// Keeps the checkpoint of a replay up to date, and says so.
struct CheckpointSaving {
    private let checkpoint: ReplayCheckpoint
    private let interval: Duration
    private var saved: ContinuousClock.Instant

    init(_ checkpoint: ReplayCheckpoint, every seconds: UInt32) {
        self.checkpoint = checkpoint
        interval = .seconds(Int(seconds))
        saved = ContinuousClock.now
    }

    /// Continues where the file says, if there is one; else writes the first.
    func begin(_ replay: inout Replay, _ input: inout TraceInput) throws(TraceError) {
        // Better now than after an hour: can it be written at all?
        guard checkpoint.exists else { return try checkpoint.save(replay, input) }
        try checkpoint.resume(&replay, &input)
        Output.complain("continuing from \(checkpoint.path), after \(replay.result.events) events")
    }

    /// Saves if it is time, and always when the replay is about to be interrupted.
    mutating func step(
        _ replay: borrowing Replay, _ input: borrowing TraceInput, isLast: Bool
    ) throws(TraceError) {
        guard isLast || ContinuousClock.now - saved >= interval else { return }
        try checkpoint.save(replay, input)
        saved = ContinuousClock.now
        if isLast { Output.complain("saved in \(checkpoint.path); the same command continues from there") }
    }

    /// The trace has been replayed: the next replay is a new one.
    func end() throws(TraceError) { try checkpoint.remove() }
}
