import Topology

/// A machine by name, as a source has it.
package struct LiveStart: Sendable {
    package var name: String
    package var snapshot: Snapshot

    package init(name: String, snapshot: Snapshot) {
        self.name = name
        self.snapshot = snapshot
    }
}

/// Where a session's machines come from: whoever serves knows how to read them.
package struct LiveSources: Sendable {
    /// Those that a visitor may choose among by name.
    package var choices: [String]
    /// Reads one of ``choices``.
    package var load: @Sendable (_ choice: String) throws -> LiveStart
    /// Reads a text that a visitor gives as a machine.
    package var read: @Sendable (_ bytes: [UInt8]) throws -> LiveStart
    /// Reads the running machine again; nil: another machine is served.
    package var readAgain: (@Sendable () throws -> LiveStart)?

    package init(
        choices: [String], load: @escaping @Sendable (String) throws -> LiveStart,
        read: @escaping @Sendable ([UInt8]) throws -> LiveStart, readAgain: (@Sendable () throws -> LiveStart)? = nil
    ) {
        self.choices = choices
        self.load = load
        self.read = read
        self.readAgain = readAgain
    }
}
