import KernelText

/// Why no machine could be made from a host, a saved tree or a text.
public enum HostReadError: Error, Hashable, Sendable {
    /// There is no such directory, or it may not be read.
    case notADirectory(path: String)
    /// The directory has no file from which a machine could be read.
    case nothingToRead(path: String)
    /// There are nodes, but none with memory, and no zones.
    case noMemory(path: String)
    /// There are free blocks or other figures, but none for the size of memory.
    case noSizes(path: String)
    /// A file that is needed cannot be read.
    case unreadable(path: String, reason: String)
    /// A file that is needed does not have the expected form.
    case malformed(KernelTextError)
    /// A zone's own figures contradict each other.
    case inconsistent(path: String, zone: String, problem: String)
}

extension HostReadError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notADirectory(let path):
            "\(path): not a directory that can be read. Give the root of a saved tree: a directory with proc and sys, "
                + "or one that holds zoneinfo."
        case .nothingToRead(let path):
            "\(path): no machine in it: no zoneinfo, no MemTotal in a meminfo, and no NUMA nodes under "
                + "sys/devices/system/node. Save at least /proc/zoneinfo and /proc/buddyinfo there."
        case .noMemory(let path):
            "\(path): its NUMA nodes have no memory sizes and there is no zoneinfo, so there is no memory to build "
                + "zones from. Save /proc/zoneinfo too."
        case .noSizes(let path):
            "\(path): says what is free but not how much memory there is. Add a source that does, as in "
                + "'buddyinfo.txt + zoneinfo.txt' or '+ meminfo.txt', or one file with both."
        case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)."
        case .malformed(let error): "\(error)."
        case .inconsistent(let path, let zone, let problem): "\(path): \(zone): \(problem)."
        }
    }
}
