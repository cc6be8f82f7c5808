import Foundation
import TestSupport

/// Texts of /proc that real kernels printed.
enum RecordedTexts {
    static let failures = "oracle/failures"
    static let corpus = "corpus/proc"

    /// The texts of one name beside recorded failures (6.1 and 6.12), by recording.
    static func fromFailures(_ name: String) throws -> [(recording: String, text: String)] {
        let recordings = SharedMaterial.files(in: failures, endingIn: ".json").filter { !$0.contains("/variants/") }
        return try recordings.flatMap { path -> [(String, String)] in
            let data = try Data(contentsOf: SharedMaterial.root.appendingPathComponent(path))
            guard let json = try JSONSerialization.jsonObject(with: data) as? [String: Any] else { return [] }
            return ["before", "after"].compactMap { moment in
                guard let texts = json[moment] as? [String: Any], let text = texts[name] as? String else { return nil }
                return ("\(path) \(moment)", text)
            }
        }
    }

    /// Files of one name in the corpus, whole.
    static func fromCorpus(_ name: String) throws -> [(path: String, text: String)] {
        try SharedMaterial.files(in: corpus, endingIn: "/\(name)").map { path in
            let data = try Data(contentsOf: SharedMaterial.root.appendingPathComponent(path))
            return (path, String(decoding: data, as: UTF8.self))
        }
    }
}
