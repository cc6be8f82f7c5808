/// The copy's package manifest: only the named test targets, and what they need.
struct Manifest {
    private let text: String

    init(_ text: String) { self.text = text }

    func keeping(tests names: Set<String>) throws -> String {
        guard let start = text.firstRange(of: "    targets: [\n")?.upperBound,
            let end = text.firstRange(of: "    ],\n    swiftLanguageModes")?.lowerBound,
            let products = text.firstRange(of: "    products: [\n")?.upperBound,
            let productsEnd = text[products...].firstRange(of: "    ],\n")?.lowerBound
        else { throw PlantingError("Package.swift is not laid out as expected: targets up to swiftLanguageModes") }
        let targets = Self.chunks(text[start..<end]).map(Target.init)
        var kept = names
        var next = Array(names)
        while let name = next.popLast() {
            for target in targets where target.name == name {
                for needed in target.needs where kept.insert(needed).inserted { next.append(needed) }
            }
        }
        let rest = targets.filter { kept.contains($0.name) }.map { $0.text + ",\n" }.joined()
        return text[..<products] + text[productsEnd..<start] + rest + text[end...]
    }

    private struct Target {
        var text: String
        var name: String
        /// All names in it: more than those of targets, which does not matter.
        var needs: [String]

        init(_ text: String) {
            self.text = text
            let names = text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
                .filter { $0.offset % 2 == 1 }.map { String($0.element) }
            let first = names.first ?? ""
            let isTests = text.contains("tests(of:")
            name = isTests ? first + "Tests" : first
            needs = isTests ? names + ["TestSupport"] : Array(names.dropFirst())
        }
    }

    /// The calls in a list, split at the commas between them.
    private static func chunks(_ text: Substring) -> [String] {
        var chunks = [""]
        var depth = 0
        for character in text {
            if character == "(" || character == "[" { depth += 1 }
            if character == ")" || character == "]" { depth -= 1 }
            if character == ",", depth == 0 { chunks.append("") } else { chunks[chunks.count - 1].append(character) }
        }
        return chunks.filter { $0.contains("(") }
    }
}
