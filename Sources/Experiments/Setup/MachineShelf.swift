import Synchronization
import Topology

/// The machines that runs are made on, each read once, whoever asks for it first.
public final class MachineShelf: Sendable {
    private let load: @Sendable (String) throws -> Snapshot
    private let known = Mutex<[String: Result<Snapshot, any Error>]>([:])

    /// - Parameter load: Reads a machine by the name that a user gave it.
    public init(_ load: @escaping @Sendable (String) throws -> Snapshot) { self.load = load }

    /// The machine of a name; one without zones is yet to boot.
    public func snapshot(_ name: String) throws -> Snapshot {
        try known.withLock { known in
            if let result = known[name] { return result }
            let result = Result { try load(name) }
            known[name] = result
            return result
        }.get()
    }
}
