import Foundation
import TestSupport

/// The recordings at hand: the project's own small ones, and all of them where the shared material is there.
enum Recordings {
    static let own: [String] = {
        let folder = SharedMaterial.packageRoot.appendingPathComponent("Tests/SimulationTests/Fixtures/Recordings").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".json.gz") }.sorted().map { "\(folder)/\($0)" }
    }()

    static let shared = SharedMaterial.files(in: "oracle/recordings", endingIn: ".json.gz")
        .map { SharedMaterial.root.appendingPathComponent($0).path }

    static let all = shared.isEmpty ? own : shared
}
