import KernelText

extension Replay {
    /// Plays a trace to its end, or until told to stop.
    ///
    /// - `step`: Called after each batch with the result so far and how far reading has come in the file, in bytes;
    ///   false stops, and leaves ``ReplayResult/isPartial`` set.
    /// - Throws: ``TraceError`` if the trace breaks off or is damaged; ``result`` then has what came before.
    public mutating func run(
        _ input: inout TraceInput,
        step: (borrowing Replay, (consumed: Int, size: Int?)) -> Bool = { _, _ in true }
    ) throws(TraceError) {
        let clock = ContinuousClock()
        let begin = clock.now
        var batch: [TraceEvent] = []
        var vocabulary = TraceVocabulary()
        result.isPartial = true
        while true {
            let more: Bool
            do {
                more = try input.read(into: &batch)
            } catch {
                result.tally = input.tally
                throw error
            }
            guard more else { break }
            if vocabulary.masks.count + vocabulary.marks.count != input.vocabularySize {
                vocabulary = input.vocabulary
            }
            play(batch, vocabulary: vocabulary)
            let elapsed = (clock.now - begin).components
            result.seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
            guard step(self, input.progress) else {
                result.tally = input.tally
                return
            }
        }
        result.tally = input.tally
        result.isPartial = false
    }
}

extension BinaryTraceWriter {
    /// Writes a whole trace.
    ///
    /// - `step`: Called after each batch with how far reading has come, in bytes; false stops.
    /// - Returns: False if stopped: the file is then whole, but lacks what was not read.
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
        try finish()
        return true
    }
}
