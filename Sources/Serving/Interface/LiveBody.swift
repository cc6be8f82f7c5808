import SourceText
import Topology

/// A small JSON object in a request's body.
struct LiveBody {
    private let object: JSONObject

    /// Reads the object.
    ///
    /// - Parameters:
    ///   - bytes: The body.
    ///   - keys: The keys that are accepted.
    /// - Throws: ``LiveProblem`` if the body is not an object or has another key.
    init(_ bytes: [UInt8], keys: Set<String>) throws {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw LiveProblem(.form, "the body is not UTF-8")
        }
        let document = try Self.document(text)
        if let twice = document.duplicates.first { throw LiveProblem(.form, "\"\(twice.key)\" appears twice") }
        guard let object = document.root.object else {
            throw LiveProblem(.form, "the body is a JSON object in braces")
        }
        if let unknown = object.keys.first(where: { !keys.contains($0) }) {
            throw LiveProblem(.form, "\"\(unknown)\" is not a known key")
        }
        self.object = object
    }

    private static func document(_ text: String) throws(LiveProblem) -> JSONDocument {
        do { return try JSONDocument(text: text, name: "the body") } catch { throw LiveProblem(.form, "\(error)") }
    }

    func text(_ key: String) throws -> String? {
        guard let value = object[key] else { return nil }
        guard let text = value.string else { throw LiveProblem(.form, "\"\(key)\" is a text in quotes") }
        return text
    }

    /// The sysctl and value in the object.
    func setting() throws -> SettingChange {
        guard let name = try text("name"), let value = try text("value") else {
            throw LiveProblem(.form, "\"name\" and \"value\" are both needed, as in vm.min_free_kbytes and 65536")
        }
        return try SettingChange("\(name)=\(value)")
    }

    func number(_ key: String, _ range: ClosedRange<Int>) throws -> Int? {
        guard let value = object[key] else { return nil }
        guard let number = value.integer.flatMap({ Int(exactly: $0) }), range.contains(number) else {
            throw LiveProblem(.form, "\"\(key)\" is a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
