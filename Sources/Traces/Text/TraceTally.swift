/// What a trace reader met: how much it understood, and what it passed over and why.
public struct TraceTally: Hashable, Sendable {
    /// Lines of the text; 0 for the binary form.
    public var lines = 0
    /// Events understood, by ``TraceEvent/Kind``'s number.
    public var events = [Int](repeating: 0, count: TraceEvent.Kind.allCases.count)
    /// Lines that are not the page allocator's: comments, blank lines, other tracepoints.
    public var foreignLines = 0
    /// Lines of the page allocator that lack a field or have one out of range.
    public var malformedLines = 0
    /// Lines longer than 64 KiB.
    public var overlongLines = 0
    /// Lines of events that the reader knows of but takes nothing from, such as `mm_page_alloc_init_late`.
    public var unusedEvents = 0
    /// Events that the tracer itself said it lost.
    public var lostEvents = 0
    /// The last line is cut short before all its fields.
    public var isLastLineTruncated = false
    /// Events that bear an earlier time than the one before.
    public var eventsOutOfOrder = 0
    /// Events without a page frame number.
    public var eventsWithoutFrame = 0
    /// The first line that was not understood, and what was wrong with it.
    public var firstProblem: Problem?

    public struct Problem: Hashable, Sendable, CustomStringConvertible {
        /// From 1.
        public var line: Int
        public var message: String

        public init(line: Int, message: String) {
            self.line = line
            self.message = message
        }

        public var description: String { "line \(line): \(message)" }
    }

    public init() {}

    /// All events understood.
    public var eventCount: Int { events.reduce(0, +) }

    mutating func note(_ message: @autoclosure () -> String, line: Int) {
        if firstProblem == nil { firstProblem = Problem(line: line, message: message()) }
    }
}
