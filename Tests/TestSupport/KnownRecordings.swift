import Foundation

/// The recordings at hand: the project's own small ones, and all of them where the shared material is there.
public enum KnownRecordings {
    public static let own: [String] = {
        let folder = SharedMaterial.packageRoot.appendingPathComponent("Tests/RecordingsTests/Fixtures/Recordings").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".json.gz") }.sorted().map { "\(folder)/\($0)" }
    }()

    public static let shared = [
        "oracle/recordings", "oracle/recordings-arch", "oracle/recordings-5.10", "oracle/recordings-7.2",
        "oracle/recordings-7.3",
    ]
    .flatMap { SharedMaterial.files(in: $0, endingIn: ".json.gz") }
    .map { SharedMaterial.root.appendingPathComponent($0).path }

    public static let all = shared.isEmpty ? own : shared
}
