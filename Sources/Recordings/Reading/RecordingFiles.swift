import OperatingSystem

/// Finds recordings on disk.
public enum RecordingFiles {
    /// Why there is nothing to replay.
    public struct NothingFound: Error, CustomStringConvertible, Sendable {
        public var path: String

        public var description: String {
            "\(path): there is no recording in this directory; their names end in .json or .json.gz"
        }
    }

    /// Files as they are named, and the recordings in and below directories, by name.
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
