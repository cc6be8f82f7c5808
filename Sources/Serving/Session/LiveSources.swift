import Topology

/// A machine by name, as a source has it.
public struct LiveStart: Sendable {
    public var name: String
    public var snapshot: Snapshot

    public init(name: String, snapshot: Snapshot) {
        self.name = name
        self.snapshot = snapshot
    }
}

/// Where a session's machines come from: whoever serves knows how to read them.
public struct LiveSources: Sendable {
    /// Those that a visitor may choose among by name.
    public var choices: [String]
    /// Reads one of ``choices``.
    public var load: @Sendable (_ choice: String) throws -> LiveStart
    /// Reads a text that a visitor gives as a machine.
    public var read: @Sendable (_ bytes: [UInt8]) throws -> LiveStart
    /// Reads the running machine again; nil: another machine is served.
    public var readAgain: (@Sendable () throws -> LiveStart)?

    public init(
        choices: [String], load: @escaping @Sendable (String) throws -> LiveStart,
        read: @escaping @Sendable ([UInt8]) throws -> LiveStart, readAgain: (@Sendable () throws -> LiveStart)? = nil
    ) {
        self.choices = choices
        self.load = load
        self.read = read
        self.readAgain = readAgain
    }
}
