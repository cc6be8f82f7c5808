import Foundation

/// The recordings at hand: the project's own small ones, and those of the shared material where it is there.
public enum KnownRecordings {
    public static let own: [String] = {
        let folder = SharedMaterial.packageRoot.appendingPathComponent("Tests/RecordingsTests/Fixtures/Recordings").path
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".json.gz") }.sorted().map { "\(folder)/\($0)" }
    }()

    public static let shared = [
        "oracle/recordings", "oracle/recordings-arch", "oracle/recordings-5.10", "oracle/recordings-7.2",
        "oracle/recordings-7.3",
    ]
    .flatMap { SharedMaterial.files(in: $0, endingIn: ".json.gz") }
    .map { SharedMaterial.root.appendingPathComponent($0).path }

    /// The project's own and every ninth of the others; with `NUMAZONES_RECORDINGS=all` every one there is.
    ///
    /// A debug build needs a second or so to read one, and `numazones verify` (a step of `.ci/run`, in a release build)
    /// plays them all.
    public static let chosen: [String] = {
        if ProcessInfo.processInfo.environment["NUMAZONES_RECORDINGS"] == "all" { return own + shared }
        return own + stride(from: 0, to: shared.count, by: 9).map { shared[$0] }
    }()
}
