import SourceText

/// A command line that starts QEMU or virtme-ng, found in a shell script, a prompt, a list of processes or libvirt's
/// log.
struct EmulatorCommand {
    /// The words from the program on, or just a list of options.
    let words: [String]

    var isVirtme: Bool { Self.isVirtme(words.first ?? "") || words.contains("--numa") }

    /// Nil if the text has no such command.
    init?(in text: String) {
        var variables: [String: String] = [:]
        for line in Self.commands(in: text) {
            var words = CommandWords.split(line)
            while let first = words.first, let (name, value) = Self.assignment(first) {
                variables[name] = Self.expanded(value, variables)
                words.removeFirst()
            }
            guard let start = words.firstIndex(where: Self.isEmulator) ?? (words.first?.first == "-" ? 0 : nil) else {
                continue
            }
            let own = words[start...].map { Self.expanded($0, variables) }
            guard own.contains(where: { word in Self.telling.contains { word == $0 || word.hasPrefix($0 + "=") } })
            else {
                continue
            }
            self.words = own
            return
        }
        return nil
    }

    /// Every command from which a machine can be built has one of these.
    private static let telling = ["-m", "-smp", "-numa", "--numa", "--memory", "--cpus"]

    private static func isEmulator(_ word: String) -> Bool {
        let program = word.split(separator: "/").last ?? ""
        return program.hasPrefix("qemu-system-") || program == "qemu-kvm" || isVirtme(word)
    }

    private static func isVirtme(_ word: String) -> Bool {
        ["vng", "virtme-run", "virtme-ng"].contains(word.split(separator: "/").last ?? "")
    }

    /// Lines without comments, with continued ones joined.
    private static func commands(in text: String) -> [String] {
        var commands: [String] = []
        var open = ""
        for line in text.split(omittingEmptySubsequences: true, whereSeparator: \.isNewline) {
            if open.isEmpty, line.first(where: { !$0.isWhitespace }) == "#", !line.hasPrefix("# ") { continue }
            if line.last == "\\" {
                open += line.dropLast() + " "
            } else {
                commands.append(open + line)
                open = ""
            }
        }
        if !open.isEmpty { commands.append(open) }
        return commands
    }

    /// Reads `MEM=4G`.
    private static func assignment(_ word: String) -> (name: String, value: String)? {
        guard let equals = word.firstIndex(of: "="), equals > word.startIndex else { return nil }
        let name = word[..<equals]
        guard name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }), name.first?.isNumber == false else {
            return nil
        }
        return (String(name), String(word[word.index(after: equals)...]))
    }

    /// A word with `$MEM` and `${MEM}` replaced, if they are known.
    private static func expanded(_ word: String, _ variables: [String: String]) -> String {
        guard word.contains("$"), word.utf8.count < 4096 else { return word }
        var result = word
        for (name, value) in variables.sorted(by: { $0.key.count > $1.key.count }).prefix(64) {
            for form in ["${\(name)}", "$\(name)"] where result.mentions(form) {
                result = result.replacing(form, with: value)
                if result.utf8.count > 1 << 16 { return word }
            }
        }
        return result
    }
}
