/// What a machine begins from.
public enum MachineStart: Hashable, Sendable {
    /// Just booted: everything that is not reserved is free.
    case topology(Topology)
    /// A recorded or saved state.
    case snapshot(Snapshot)

    /// The machine's description, in either case.
    public var topology: Topology {
        switch self {
        case .topology(let topology): topology
        case .snapshot(let snapshot): snapshot.topology
        }
    }
}
