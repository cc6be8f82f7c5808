import Foundation

/// The read-only material beside a checkout, which a user of the project does not have.
///
/// A test that needs it is enabled by `SharedMaterial.has(...)` and shows as skipped elsewhere.
public enum SharedMaterial {
    /// `NUMAZONES_SHARED`, or `../shared` beside the checkout.
    public static let root: URL = {
        if let path = ProcessInfo.processInfo.environment["NUMAZONES_SHARED"] { return URL(fileURLWithPath: path) }
        return packageRoot.deletingLastPathComponent().appendingPathComponent("shared")
    }()

    public static let packageRoot = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    public static func has(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
    }

    /// Files below `path` whose names end in `suffix`, in order of name, relative to ``root``.
    public static func files(in path: String, endingIn suffix: String = "") -> [String] {
        guard let names = FileManager.default.enumerator(atPath: root.appendingPathComponent(path).path) else {
            return []
        }
        return names.compactMap { $0 as? String }.filter { $0.hasSuffix(suffix) }.sorted().map { "\(path)/\($0)" }
    }
}
