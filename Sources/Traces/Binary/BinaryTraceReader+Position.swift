import SourceText

extension BinaryTraceReader {
    /// A place between two blocks, and everything needed to continue reading there.
    struct Position: Hashable, Sendable {
        /// In bytes of the decompressed file.
        var offset = 0
        var events = 0
        var lostEvents = 0
        var time: UInt64 = 0
        /// The task of each CPU, indexed by the low bits of its number.
        var tasks: [UInt32] = []
        /// The masks and marks read so far.
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

    /// Continues at the position of another reader of the same file.
    mutating func resume(at position: Position) throws(TraceError) {
        try blocks.skip(to: position.offset)
        events = position.events
        lostEvents = position.lostEvents
        time = position.time
        tasks = position.tasks
        vocabulary = position.vocabulary
    }
}
