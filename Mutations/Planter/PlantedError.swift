/// One error of a list: what is in a source file, what would be there in its place, and the test that notices.
struct PlantedError {
    var id: String
    /// Below `Sources`.
    var file: String
    /// What goes wrong, in a sentence.
    var about = ""
    /// The text in front of which ``old`` is not looked for; empty: the file's beginning.
    var behind = ""
    var old = ""
    var new = ""
    /// Statements are exchanged by `if`, expressions by `?:`.
    var isStatement = false
    /// As `swift test --filter` takes it: the name of a test target, a suite, or a suite and a test.
    var test = ""
    /// Why nothing can notice it; nil: something must.
    var equivalence: String?
    /// In the list.
    var line: Int
    /// What the last line began with.
    private var lastKey = ""

    init(id: String, file: String, line: Int) {
        self.id = id
        self.file = file
        self.line = line
    }
}

/// Something wrong with a list, or with a source file that a list names.
struct PlantingError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}

extension PlantedError {
    /// Reads a list. Its form is described in `Mutations/README.md`.
    static func read(_ text: String, name: String) throws -> [PlantedError] {
        var errors: [PlantedError] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let place = "\(name):\(index + 1)"
            if line.isEmpty || line.hasPrefix("#") { continue }
            if line.hasPrefix("[") {
                guard let end = line.firstIndex(of: "]") else { throw PlantingError("\(place): \"]\" is missing") }
                let file = line[line.index(after: end)...].drop { $0 == " " }
                let id = String(line[line.index(after: line.startIndex)..<end])
                errors.append(PlantedError(id: id, file: String(file), line: index + 1))
                continue
            }
            guard !errors.isEmpty else { throw PlantingError("\(place): an error begins with [ID] FILE") }
            try errors[errors.count - 1].add(line, place)
        }
        let faults = errors.compactMap { $0.fault(in: name) }
        guard faults.isEmpty else { throw PlantingError(faults.joined(separator: "\nplanter: ")) }
        return errors
    }

    private mutating func add(_ line: Substring, _ place: String) throws {
        let key = line.prefix { $0 != " " }
        func joined(_ text: String) -> String {
            // A line that begins with blanks continues with the text before.
            let more = key.isEmpty ? line : line.dropFirst(key.count + 1)
            return text.isEmpty ? String(more) : text + "\n" + more
        }
        if !key.isEmpty { lastKey = String(key) }
        switch lastKey {
        case "@": behind = joined(behind)
        case "-", "--":
            old = joined(old)
            isStatement = lastKey == "--"
        case "+", "++": new = joined(new)
        case "=": test = joined("")
        case "~": equivalence = joined(equivalence ?? "")
        default:
            guard line.first?.isLetter == true || line.first == "_" || line.first == "`" else {
                throw PlantingError("\(place): a line begins with [, @, -, --, +, ++, = or ~, or says what goes wrong")
            }
            about += (about.isEmpty ? "" : " ") + line
        }
    }

    /// What is wrong with the entry, with its place; nil: nothing.
    private func fault(in name: String) -> String? {
        func fail(_ what: String) -> String { "\(name):\(line): [\(id)] \(what)" }
        if old.isEmpty { return fail("has no line with -, the text that is there") }
        if new.isEmpty, !isStatement { return fail("has no line with +: only statements (--) can be left out") }
        if !isStatement {
            for text in [old, new] where !Self.isWhole(text) {
                return fail(
                    "\"\(text)\" is not a whole expression: its brackets do not match, or it has a comma outside them or a return"
                )
            }
        }
        if about.isEmpty { return fail("does not say what goes wrong") }
        if test.isEmpty == (equivalence == nil) {
            return fail("needs a line with =, its test, or ~, why none can notice it")
        }
        return nil
    }

    /// Whether a text can stand in brackets of its own: otherwise the copy would not build.
    private static func isWhole(_ text: String) -> Bool {
        if text.hasPrefix("return ") { return false }
        var depth = 0
        for character in text {
            switch character {
            case "(", "[", "{": depth += 1
            case ")", "]", "}": depth -= 1
            case "," where depth == 0: return false
            default: break
            }
            if depth < 0 { return false }
        }
        return depth == 0
    }
}
