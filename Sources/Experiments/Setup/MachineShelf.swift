import Synchronization
import Topology

/// The machines that runs are made on; each is read only once and may be used from any thread.
public final class MachineShelf: Sendable {
    private let load: @Sendable (String) throws -> Snapshot
    private let known = Mutex<[String: Result<Snapshot, any Error>]>([:])

    /// Begins with no machine read.
    ///
    /// - Parameters:
    ///   - load: Reads a machine by the name that the user gave.
    public init(_ load: @escaping @Sendable (String) throws -> Snapshot) { self.load = load }

    /// The machine with a name, read at its first use; one without zones has not booted yet.
    ///
    /// - Parameters:
    ///   - name: The name that the user gave.
    /// - Throws: What `load` threw, at each call.
    public func snapshot(_ name: String) throws -> Snapshot {
        try known.withLock { known in
            if let result = known[name] { return result }
            let result = Result { try load(name) }
            known[name] = result
            return result
        }.get()
    }
}
