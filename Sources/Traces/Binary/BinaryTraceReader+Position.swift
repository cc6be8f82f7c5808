import SourceText

extension BinaryTraceReader {
    /// A place between two blocks, with all that reading on from there needs.
    struct Position: Hashable, Sendable {
        /// In bytes from the file's start, after decompression of the whole.
        var offset = 0
        var events = 0
        var lostEvents = 0
        var time: UInt64 = 0
        /// By CPU, in its low bits.
        var tasks: [UInt32] = []
        /// The masks and marks met.
        var vocabulary = TraceVocabulary()
    }

    var place: TraceInput.Position { .binary(position) }

    mutating func resume(at place: TraceInput.Position) throws(TraceError) {
        guard case .binary(let position) = place else { throw TraceInput.Position.otherForm(name) }
        try resume(at: position)
    }

    var position: Position {
        Position(
            offset: blocks.offset, events: events, lostEvents: lostEvents, time: time, tasks: tasks,
            vocabulary: vocabulary)
    }

    /// Continues where a reader of the same file stood.
    mutating func resume(at position: Position) throws(TraceError) {
        try blocks.skip(to: position.offset)
        events = position.events
        lostEvents = position.lostEvents
        time = position.time
        tasks = position.tasks
        vocabulary = position.vocabulary
    }
}
