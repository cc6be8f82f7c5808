import SourceText

extension ForeignFormat {
    static let drawings: [ForeignFormat] = [
        .init(prefix: "Machine (", "is lstopo's text output; export XML with 'lstopo x.xml' and give that"),
        .init(
            recognises: {
                $0.start.hasPrefix("\u{250C}\u{2500}") || $0.start.hasPrefix("+-----") && $0.head.mentions("Machine (")
            },
            sentence: "is a drawing of lstopo's in characters; export XML with 'lstopo x.xml' and give that"),
        .init(sign: "%!PS-Adobe", "is a PostScript drawing; export XML with 'lstopo x.xml' and give that"),
        .init(prefix: "\\documentclass", "is a LaTeX document; export XML with 'lstopo x.xml' and give that"),
        .init(sign: "<svg", "is a drawing (SVG); if lstopo made it, export XML with 'lstopo x.xml' and give that"),
        .init(sign: "<html", "is a web page; save the text that it shows"),
        .init(sign: "<!DOCTYPE html", "is a web page; save the text that it shows"),
    ]

    static let documents: [ForeignFormat] = [
        .init(
            recognises: {
                $0.start.hasPrefix("apiVersion:") || $0.start.hasPrefix("kind:") || $0.start.hasPrefix("---\n")
                    || $0.name.hasSuffix(".yaml") || $0.name.hasSuffix(".yml") || isYAML($0)
            },
            sentence: "is YAML, which no machine is described in here; Config/ has JSON descriptions to start from"),
        .init(
            recognises: { input in
                ["resource \"", "provider \"", "terraform {", "variable \"", "module \"", "data \""]
                    .contains { input.start.hasPrefix($0) } && input.head.mentions("{")
            },
            sentence:
                "is a plan of Terraform's, which names machines and not their memory; give what 'numactl -H' prints on one"
        ),
        .init(
            firstLine: { $0.hasPrefix("[") && $0.hasSuffix("]") && $0.dropFirst().dropLast().allSatisfy(isOfName) },
            "is TOML or an INI file, which no machine is described in here; Config/ has JSON descriptions to start from"
        ),
        .init(
            recognises: isTable,
            sentence:
                "is a table with commas, which no machine is described in here; Config/ has JSON descriptions to start "
                + "from, and the output of 'numactl -H' is read as it is"),
    ]

    private static func isOfName(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "._- ".contains(character)
    }

    /// Whether a key is alone on a line, followed by an indented list or keys.
    private static func isYAML(_ input: SourceInput) -> Bool {
        let lines = input.start.split(whereSeparator: \.isNewline).prefix(64)
        for (line, next) in zip(lines, lines.dropFirst()) {
            guard line.last == ":", line.first?.isWhitespace == false, line.dropLast().allSatisfy(isOfName) else {
                continue
            }
            let inner = next.drop { $0 == " " }
            let isIn = next.first == " " || inner.hasPrefix("- ")
            if isIn, inner.hasPrefix("- ") || inner.mentions(": ") || inner.last == ":" { return true }
        }
        return false
    }

    /// Whether each line has the same number of commas, at least one.
    private static func isTable(_ input: SourceInput) -> Bool {
        let lines = input.start.split(whereSeparator: \.isNewline).dropLast(input.head.utf8.count == 1 << 16 ? 1 : 0)
        guard lines.count > 1, let first = lines.first else { return false }
        let commas = first.count { $0 == "," }
        return commas > 0 && lines.allSatisfy { line in line.count { $0 == "," } == commas }
    }
}
