import OperatingSystem

/// The reason why a description could not be read.
package enum HardwareTopologyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// hwloc does not understand the description.
    case notUnderstood(String)
    /// hwloc crashed with this signal.
    case died(signal: Int32)
    /// hwloc did not finish.
    case endless
    /// hwloc is not installed, or no process can be started for it; the text says what to do.
    case unavailable(String)

    static func missing(_ library: MissingLibrary) -> Self { .unavailable("\(library)") }

    /// What is printed of it.
    package var description: String {
        switch self {
        case .notUnderstood(let reason): reason
        case .died(let signal): "hwloc itself crashes on it (signal \(signal))"
        case .endless: "hwloc does not finish with it"
        case .unavailable(let reason): "only hwloc can read it, and \(reason)"
        }
    }
}
