import Foundation
import NUMAZones
import TestSupport
import Testing

/// Code in documents is code of this target, word for word, so that it compiles and its tests run.
@Suite struct CodeBlockTests {
    /// The sources in which snippets stand, between `// BEGIN SNIPPET` and `// END SNIPPET`, without their indentation.
    private static let snippets: Set<String> = {
        let folder = SharedMaterial.packageRoot.appendingPathComponent("Tests/DocumentationTests/Snippets")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return Set(
            names.flatMap { name -> [String] in
                let text = (try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)) ?? ""
                return text.components(separatedBy: "// BEGIN SNIPPET\n").dropFirst().map { part in
                    let lines = part.components(separatedBy: "\n")
                    let body = lines.prefix { !$0.hasSuffix("// END SNIPPET") }
                    let indentation = body.first.map { $0.prefix { $0 == " " }.count } ?? 0
                    return body.map { $0.dropFirst(indentation) + "\n" }.joined()
                }
            })
    }()

    @Test(arguments: DocumentBlock.all(in: "swift"))
    func `Swift in a document is compiled`(_ block: DocumentBlock) {
        // The import is the first line of the file that a snippet is in.
        let body = block.text.replacingOccurrences(of: "import NUMAZones\n\n", with: "")
        #expect(Self.snippets.contains(body), "no snippet in Tests/DocumentationTests/Snippets has this text:\n\(body)")
    }

    @Test func `there are snippets, and each is in a document`() {
        let shown = Set(
            DocumentBlock.all(in: "swift").map {
                $0.text.replacingOccurrences(of: "import NUMAZones\n\n", with: "")
            })
        #expect(!Self.snippets.isEmpty)
        for snippet in Self.snippets { #expect(shown.contains(snippet), "no document shows:\n\(snippet)") }
    }

    @Test(arguments: DocumentBlock.all(in: "json5"))
    func `a description in a document describes a machine`(_ block: DocumentBlock) throws {
        let topology = try Topology(json: block.text)
        #expect(topology.nodes.contains { !$0.memory.isEmpty })
    }

    @Test(arguments: DocumentBlock.all(in: "sh"))
    func `a command of a document is one of the project's scripts or tools, or has options that its verb knows`(
        _ block: DocumentBlock
    ) throws {
        let lines = block.text.replacingOccurrences(of: "\\\n", with: " ").split(separator: "\n")
        let commands = lines.flatMap { $0.split(separator: "#")[0].split(separator: "|") }
        for command in commands {
            let words = command.split(separator: " ").map(String.init)
            let name = try #require(words.first)
            switch name {
            case "numazones": try checkOptions(of: words)
            case "swift":
                // swift run --package-path Benchmarks -c release PRODUCT ...
                let product = try #require(words.count > 6 ? words[6] : nil, "\(command)")
                #expect(Self.isThere("Benchmarks/Sources/\(product)"), "\(command)")
            case "trace-cmd", "perf": break
            default: #expect(name.contains("/") && Self.isThere(name), "\(command)")
            }
        }
    }

    private static func isThere(_ path: String) -> Bool {
        FileManager.default.isExecutableFile(atPath: SharedMaterial.packageRoot.appendingPathComponent(path).path)
    }

    private func checkOptions(of words: [String]) throws {
        let line = words.joined(separator: " ")
        let help = try Session.run("numazones help \(words.dropFirst().first ?? "")")
        #expect(help.code == 0, "\(line)")
        for word in words where word.hasPrefix("--") {
            let option = String(word.split(separator: "=")[0])
            #expect(help.output.contains(option), "\(line): \(option)")
        }
    }

    @Test(arguments: DocumentBlock.documents)
    func `no code is only indented, where nothing would check it`(document: String) throws {
        let text = try String(
            contentsOf: SharedMaterial.packageRoot.appendingPathComponent(document), encoding: .utf8)
        var isFenced = false
        var before: Substring = ""
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("```") { isFenced.toggle() }
            let isIndented = line.hasPrefix("    ") && before.isEmpty && !isFenced
            #expect(!isIndented, "\(document):\(index + 1)")
            before = line
        }
    }

    @Test func `no block is of a kind that nothing checks`() {
        let known: Set = ["swift", "console", "json5", "sh"]
        for block in DocumentBlock.all where !block.language.isEmpty {
            #expect(known.contains(block.language), "\(block.testDescription): \(block.language)")
        }
    }
}
