/// A trace reader's statistics: how much was understood, and what was skipped and why.
public struct TraceTally: Hashable, Sendable {
    /// Lines of the text; 0 for the binary form.
    public var lines = 0
    /// Events understood, by the number of ``TraceEvent/Kind``.
    public var events = [Int](repeating: 0, count: TraceEvent.Kind.allCases.count)
    /// Lines that are not the page allocator's: comments, blank lines, other tracepoints.
    public var foreignLines = 0
    /// Lines of the page allocator with a missing or impossible field.
    public var malformedLines = 0
    /// Lines longer than 64 KiB.
    public var overlongLines = 0
    /// Lines of known events from which nothing is used, such as `mm_page_alloc_init_late`.
    public var unusedEvents = 0
    /// Events that the tracer itself reported as lost.
    public var lostEvents = 0
    /// Whether the last line is cut off before all its fields.
    public var isLastLineTruncated = false
    /// Events with an earlier time than the one before.
    public var eventsOutOfOrder = 0
    /// Events without a page frame number.
    public var eventsWithoutFrame = 0
    /// The first line that was not understood, and why.
    public var firstProblem: Problem?

    /// A line that was not understood.
    public struct Problem: Hashable, Sendable, CustomStringConvertible {
        /// The line's number, from 1.
        public var line: Int
        /// What is wrong with it.
        public var message: String

        public init(line: Int, message: String) {
            self.line = line
            self.message = message
        }

        public var description: String { "line \(line): \(message)" }
    }

    public init() {}

    /// How many events were understood.
    public var eventCount: Int { events.reduce(0, +) }

    mutating func note(_ message: @autoclosure () -> String, line: Int) {
        if firstProblem == nil { firstProblem = Problem(line: line, message: message()) }
    }
}
