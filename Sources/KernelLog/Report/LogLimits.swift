/// How much of an untrusted log is read. What is beyond is ignored and stated in ``FailureReport/notes``.
public struct LogLimits: Hashable, Sendable {
    /// Bytes of a line; the rest of a longer line is ignored.
    public var lineBytes: Int
    /// Lines of a report, after which it ends.
    public var reportLines: Int
    /// Lines that do not belong to a report, after which it ends.
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
