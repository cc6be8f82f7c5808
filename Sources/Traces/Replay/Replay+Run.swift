import BuddyEngine

extension Replay {
    /// Plays a trace to its end, or until told to stop.
    ///
    /// - Parameters:
    ///   - input: The trace.
    ///   - step: Called after each batch; returning false stops, and sets ``ReplayResult/isPartial``. A
    ///     ``ReplayCheckpoint`` can be saved here.
    /// - Throws: ``TraceError`` if the trace is cut short or damaged, or what `step` throws; ``result`` then covers
    ///   what came before.
    public mutating func run(
        _ input: inout TraceInput,
        step: (borrowing Replay, borrowing TraceInput) throws(TraceError) -> Bool = { _, _ in true }
    ) throws(TraceError) {
        let clock = ContinuousClock()
        let begin = clock.now
        let before = result.seconds
        var batch: [TraceEvent] = []
        var vocabulary = TraceVocabulary()
        do {
            while try input.read(into: &batch) {
                if vocabulary.masks.count + vocabulary.marks.count != input.vocabularySize {
                    vocabulary = input.vocabulary
                }
                play(batch, vocabulary: vocabulary)
                result.seconds = before + (clock.now - begin).inSeconds
                guard try step(self, input) else { return end(input, isPartial: true) }
            }
        } catch {
            end(input, isPartial: true)
            throw error
        }
        end(input, isPartial: false)
        guard result.events > 0 else { throw input.foreign }
    }

    private mutating func end(_ input: borrowing TraceInput, isPartial: Bool) {
        result.tally = input.tally
        result.isPartial = isPartial
        result.history = recorder?.history
    }
}

extension BinaryTraceWriter {
    /// Writes a whole trace.
    ///
    /// - Parameters:
    ///   - input: The trace.
    ///   - step: Called after each batch with how many bytes have been read; returning false stops.
    /// - Returns: False if stopped: the file is then complete, but lacks the events not read.
    public mutating func convert(
        _ input: inout TraceInput, step: ((consumed: Int, size: Int?)) -> Bool = { _ in true }
    ) throws(TraceError) -> Bool {
        var batch: [TraceEvent] = []
        var vocabulary = TraceVocabulary()
        while try input.read(into: &batch) {
            if vocabulary.masks.count + vocabulary.marks.count != input.vocabularySize {
                vocabulary = input.vocabulary
            }
            try write(batch, vocabulary: vocabulary)
            guard step(input.progress) else {
                try finish()
                return false
            }
        }
        guard events > 0 else { throw input.foreign }
        try finish()
        return true
    }
}
