import OperatingSystem

/// Why there is no topology.
package enum HardwareTopologyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The description is none of hwloc's.
    case notUnderstood(String)
    /// hwloc died of it, by this signal.
    case died(signal: Int32)
    /// hwloc came to no end.
    case endless
    /// hwloc itself is not on this machine, or no process can be started for it; the reason says what to do.
    case unavailable(String)

    static func missing(_ library: MissingLibrary) -> Self { .unavailable("\(library)") }

    package var description: String {
        switch self {
        case .notUnderstood(let reason): reason
        case .died(let signal): "hwloc itself dies of it (signal \(signal))"
        case .endless: "hwloc does not finish with it"
        case .unavailable(let reason): "only hwloc can read it, and \(reason)"
        }
    }
}
