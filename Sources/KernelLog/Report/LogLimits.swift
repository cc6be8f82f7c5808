/// How much of an untrusted log is looked at. What lies beyond is left out and said in ``FailureReport/notes``.
public struct LogLimits: Hashable, Sendable {
    /// Bytes of one line; the rest of a longer line is not read.
    public var lineBytes: Int
    /// Lines of one report; after them it is closed.
    public var reportLines: Int
    /// Lines without anything of a report after which it is closed.
    public var idleLines: Int
    /// Entries of each list in a report: zones, nodes, tasks, slabs, victims.
    public var entries: Int
    /// Functions in a call trace.
    public var frames: Int

    public init(
        lineBytes: Int = 256 * 1024, reportLines: Int = 200_000, idleLines: Int = 400, entries: Int = 65_536,
        frames: Int = 256
    ) {
        self.lineBytes = lineBytes
        self.reportLines = reportLines
        self.idleLines = idleLines
        self.entries = entries
        self.frames = frames
    }
}
