/// What a machine begins from.
public enum MachineStart: Hashable, Sendable {
    /// Just booted: all that is not reserved is free.
    case topology(Topology)
    /// A recorded or saved state, in the middle of things.
    case snapshot(Snapshot)

    public var topology: Topology {
        switch self {
        case .topology(let topology): topology
        case .snapshot(let snapshot): snapshot.topology
        }
    }
}
