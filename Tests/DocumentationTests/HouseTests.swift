import Foundation
import TestSupport
import Testing

/// What keeps the project easy to find one's way in: small folders, short functions, links that lead somewhere.
@Suite struct HouseTests {
    private static let root = SharedMaterial.packageRoot
    private static let trees = [
        "Config", "Documentation", "Sources", "Tests", "Benchmarks", "Fuzz", "Mutations", "Scripts",
    ]

    /// The files below a folder, relative to the package; not those that a tool makes.
    private static func files(below tree: String) -> [String] {
        let enumerator = FileManager.default.enumerator(
            at: root.appendingPathComponent(tree), includingPropertiesForKeys: [.isRegularFileKey],
            options: .skipsHiddenFiles)
        return (enumerator?.compactMap { $0 as? URL } ?? []).compactMap { url in
            guard (try? url.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true else { return nil }
            let path = url.path.dropFirst(root.path.count + 1)
            return path.contains("__pycache__") || path.hasSuffix("Package.resolved") ? nil : String(path)
        }
    }

    @Test(arguments: trees)
    func `no folder has more than twenty files directly in it`(tree: String) {
        let files = Self.files(below: tree)
        #expect(!files.isEmpty)
        let folders = Dictionary(grouping: files) { $0.split(separator: "/").dropLast().joined(separator: "/") }
        for (folder, names) in folders { #expect(names.count <= 20, "\(folder) has \(names.count)") }
    }

    @Test func `no function is longer than sixty lines`() throws {
        let sources = ["Sources", "Benchmarks/Sources", "Fuzz/Sources", "Mutations", "Tests"]
            .flatMap(Self.files(below:)).filter { $0.hasSuffix(".swift") }
        #expect(sources.count > 500)
        for path in sources {
            let text = try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
            for function in Self.functions(in: text) {
                #expect(function.lines <= 60, "\(path):\(function.start) has \(function.lines) lines")
            }
        }
    }

    /// The functions and initializers of a source as swift-format lays it out: a body ends where a brace closes at the
    /// indentation of its declaration.
    private static func functions(in text: String) -> [(start: Int, lines: Int)] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.indices.compactMap { start in
            let indentation = lines[start].prefix { $0 == " " }
            let words = lines[start].dropFirst(indentation.count).split { " (<?".contains($0) }
            guard words.first != "//", words.first != "///", words.contains("func") || words.contains("init") else {
                return nil
            }
            // A requirement of a protocol has no body: what follows is at the same indentation.
            let continues = { (line: Substring) in
                line.hasPrefix(indentation + " ") || line.hasPrefix(indentation + ")") || line == indentation + "{"
            }
            guard
                let opening = lines[start...].firstIndex(where: { $0.hasSuffix("{") }),
                lines[(start + 1)..<max(opening + 1, start + 1)].allSatisfy(continues)
            else { return nil }
            let end = lines[opening...].firstIndex { $0 == indentation + "}" }
            return end.map { (start + 1, $0 - start + 1) }
        }
    }

    @Test(arguments: DocumentBlock.documents + ["Benchmarks/README.md", "Mutations/README.md"])
    func `every link of a document leads to a file of the project`(document: String) throws {
        let file = Self.root.appendingPathComponent(document)
        let text = try String(contentsOf: file, encoding: .utf8)
        for part in text.components(separatedBy: "](").dropFirst() {
            let target = part.prefix { $0 != ")" && $0 != "#" }
            guard !target.isEmpty, !target.contains(":") else { continue }
            let path = file.deletingLastPathComponent().appendingPathComponent(String(target)).path
            #expect(FileManager.default.fileExists(atPath: path), "\(target)")
        }
    }

    @Test func `every document that a source or a script names is there`() throws {
        let sources = Self.trees.flatMap(Self.files(below:)).filter { path in
            ["swift", "json", "json5", "md", "py", "mjs"].contains { path.hasSuffix("." + $0) } || !path.contains(".")
        }
        for path in sources {
            let text = (try? String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)) ?? ""
            for part in text.components(separatedBy: "Documentation/").dropFirst() {
                let name = part.prefix { $0.isLetter || $0.isNumber || "/.-".contains($0) }
                guard name.hasSuffix(".md") || name.hasSuffix(".md.") else { continue }
                let target = Self.root.appendingPathComponent(
                    "Documentation/\(name.hasSuffix(".") ? name.dropLast() : name)")
                #expect(FileManager.default.fileExists(atPath: target.path), "\(path): Documentation/\(name)")
            }
        }
    }

    @Test func `every source that the architecture names is there`() throws {
        let page = try String(
            contentsOf: Self.root.appendingPathComponent("Documentation/Architecture.md"), encoding: .utf8)
        let sources = Self.files(below: "Sources")
        let named = page.components(separatedBy: "`").filter { $0.hasSuffix(".swift") && !$0.contains(" ") }
        #expect(named.count > 20)
        for name in named { #expect(sources.contains { $0.hasSuffix("/" + name) }, "\(name)") }
    }
}
