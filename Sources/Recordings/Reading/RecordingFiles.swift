import OperatingSystem

/// Finds recordings on disk.
public enum RecordingFiles {
    /// There is no recording to replay.
    public struct NothingFound: Error, CustomStringConvertible, Sendable {
        /// The path that was given.
        public var path: String

        public var description: String {
            "\(path): there is no recording in this directory; their names end in .json or .json.gz"
        }
    }

    /// The files named, and the recordings in directories and below them, sorted by name.
    public static func find(_ paths: [String]) throws(NothingFound) -> [String] {
        var found: [String] = []
        for path in paths {
            guard FileSystem.isDirectory(path) else {
                found.append(path)
                continue
            }
            let recordings = FileSystem.paths(below: path).filter { $0.hasSuffix(".json") || $0.hasSuffix(".json.gz") }
            guard !recordings.isEmpty else { throw NothingFound(path: path) }
            found += recordings.map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
        }
        return found
    }
}
