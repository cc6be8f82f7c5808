import OperatingSystem

/// Scenarios by name: files, and folders of them.
public enum ScenarioFiles {
    /// The files that arguments name, in order; a folder stands for the `.json5` and `.json` files below it, sorted by
    /// name.
    ///
    /// - Throws: ``Empty`` for a folder without such files.
    public static func find(_ paths: [String]) throws(Empty) -> [String] {
        var files: [String] = []
        for path in paths {
            guard path != "-", FileSystem.isDirectory(path) else {
                files.append(path)
                continue
            }
            let found = FileSystem.paths(below: path).filter {
                $0.hasSuffix(".json5") || $0.hasSuffix(".json") && !$0.hasSuffix(".schema.json")
            }
            guard !found.isEmpty else { throw Empty(path: path) }
            files += found.map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
        }
        return files
    }

    /// A folder without scenarios.
    public struct Empty: Error, Hashable, Sendable, CustomStringConvertible {
        /// The folder.
        public var path: String

        public var description: String { "\(path): is a folder without a .json5 or .json file" }
    }
}
