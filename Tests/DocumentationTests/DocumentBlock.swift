import Foundation
import TestSupport
import Testing

/// A fenced block of one of the project's Markdown documents.
struct DocumentBlock: CustomTestStringConvertible, Sendable {
    /// Relative to the package.
    var document: String
    /// The line of the opening fence, from 1.
    var line: Int
    /// What follows the opening fence: "swift", "console", ...
    var language: String
    /// The lines between the fences, each ended by a newline.
    var text: String

    var testDescription: String { "\(document):\(line)" }

    /// The README, what lies in `Documentation`, and the articles of the DocC catalogs, by name.
    static let documents: [String] = {
        let root = SharedMaterial.packageRoot
        var paths = ["README.md", "CONTRIBUTING.md"]
        for folder in ["Documentation", "Sources"] {
            let names = FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path)
            paths += (names?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".md") }.sorted()
                .map { "\(folder)/\($0)" }
        }
        return paths
    }()

    /// Every block of every document.
    static let all: [DocumentBlock] = documents.flatMap(blocks(of:))

    static func all(in language: String) -> [DocumentBlock] { all.filter { $0.language == language } }

    private static func blocks(of document: String) -> [DocumentBlock] {
        let url = SharedMaterial.packageRoot.appendingPathComponent(document)
        guard let text = try? String(contentsOf: url, encoding: .utf8) else { return [] }
        var blocks: [DocumentBlock] = []
        var open: DocumentBlock?
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("```") {
                if let block = open {
                    blocks.append(block)
                    open = nil
                } else {
                    open = DocumentBlock(
                        document: document, line: index + 1, language: String(line.dropFirst(3)), text: "")
                }
            } else {
                open?.text += line + "\n"
            }
        }
        return blocks
    }
}
