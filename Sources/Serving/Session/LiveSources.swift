import Topology

/// A machine with its name.
package struct LiveStart: Sendable {
    /// The name, for the page's title.
    package var name: String
    /// The machine's state.
    package var snapshot: Snapshot

    /// Creates a start from its parts.
    package init(name: String, snapshot: Snapshot) {
        self.name = name
        self.snapshot = snapshot
    }
}

/// The sources of a session's machines; the caller knows how to read them.
package struct LiveSources: Sendable {
    /// The names of the machines that a user may choose from.
    package var choices: [String]
    /// Reads one of ``choices``.
    package var load: @Sendable (_ choice: String) throws -> LiveStart
    /// Reads a machine from a text that a user pasted.
    package var read: @Sendable (_ bytes: [UInt8]) throws -> LiveStart
    /// Reads the running machine again; nil: another machine is served.
    package var readAgain: (@Sendable () throws -> LiveStart)?

    /// Creates sources from their parts.
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
