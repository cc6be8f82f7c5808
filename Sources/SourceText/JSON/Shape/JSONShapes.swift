/// Checks the shapes of a document's values, and continues past errors so that all can be reported at once.
///
/// All readers of descriptions use this, so that anything missing, unknown, of another kind or out of range is reported
/// in the same words, with its place.
package struct JSONShapes {
    /// The document.
    package let document: JSONDocument
    /// How many problems are reported; the last one then says how many more there are.
    package static let mostProblems = 100
    private var kept: [SourceProblem] = []
    private var unreported = 0
    /// Whether an error was reported.
    package private(set) var hasErrors = false

    package init(_ document: JSONDocument) { self.document = document }

    // MARK: - Problems

    /// The problems found, in the order of reporting.
    package var problems: [SourceProblem] {
        guard unreported > 0 else { return kept }
        return kept + [
            SourceProblem(
                hasErrors ? .error : .warning, at: [], source: document.source.name,
                location: document.location(ofOffset: document.source.bytes.count),
                "\(unreported) more problems are not shown")
        ]
    }

    /// Whether nothing has been reported.
    package var isClean: Bool { kept.isEmpty }

    /// Whether so many problems have been found that looking for more is pointless.
    package var isFull: Bool { kept.count >= Self.mostProblems && hasErrors }

    /// Reports a problem at an offset of the text.
    package mutating func report(_ severity: SourceProblem.Severity = .error, at offset: Int, _ message: String) {
        // The first error is always kept: without it, the text would count as valid.
        guard kept.count < Self.mostProblems || severity == .error && !hasErrors else {
            unreported += 1
            return
        }
        if severity == .error { hasErrors = true }
        kept.append(
            SourceProblem(
                severity, at: document.path(ofOffset: offset), source: document.source.name,
                location: document.location(ofOffset: offset), message))
    }

    /// Reports an error at a value.
    package mutating func report(_ value: JSONValue, _ message: String) { report(at: value.offset ?? 0, message) }

    /// Reports keys that appear more than once in an object.
    package mutating func reportDuplicates() {
        for duplicate in document.duplicates {
            let first = document.location(ofOffset: duplicate.firstOffset)
            report(at: duplicate.offset, "the key \"\(duplicate.key)\" appears twice; first at \(first)")
        }
    }

    /// Puts the problems in the order of the text.
    package mutating func sortProblems() {
        let start = SourceLocation(line: 1, column: 1)
        kept.sort { ($0.location ?? start, $0.message) < ($1.location ?? start, $1.message) }
    }

    // MARK: - Shapes

    /// The members of an object; keys not in `keys` are reported.
    package mutating func object(_ value: JSONValue, keys: [String], what: String) -> JSONObject? {
        guard let object = value.object else {
            report(value, "\(what) is an object in braces, not \(value.kindName)")
            return nil
        }
        for member in object.members where !keys.contains(member.key) {
            // Finding a suggestion takes longer than reading a key.
            guard !isFull else {
                unreported += 1
                continue
            }
            report(at: member.keyOffset ?? 0, "unknown key \"\(member.key)\"\(Self.known(member.key, keys))")
        }
        return object
    }

    private static func known(_ key: String, _ keys: [String]) -> String {
        let suggestion = Spelling.suggestion(for: key, among: keys)
        guard suggestion.isEmpty else { return suggestion }
        return "; there is \(keys.filter { $0 != "$schema" && !$0.hasPrefix("vm.") }.joined(separator: ", "))"
    }

    /// The members of an object whose keys can be anything.
    package mutating func members(_ value: JSONValue) -> [JSONObject.Member] {
        if value.object == nil { report(value, "this must be an object in braces, not \(value.kindName)") }
        return value.object?.members ?? []
    }

    /// A member that must be there; nil, and reported, if it is not.
    package mutating func required(_ key: String, of object: JSONObject, in value: JSONValue) -> JSONValue? {
        if object[key] == nil { report(value, "\"\(key)\" is missing") }
        return object[key]
    }

    /// The elements of a list; nil, and reported, for anything else.
    package mutating func list(_ value: JSONValue) -> [JSONValue]? {
        if value.array == nil { report(value, "this must be a list in brackets, not \(value.kindName)") }
        return value.array
    }

    /// A string; nil, and reported, for anything else.
    package mutating func string(_ value: JSONValue) -> String? {
        if value.string == nil { report(value, "this must be a text in quotes, not \(value.kindName)") }
        return value.string
    }

    /// True or false; nil, and reported, for anything else.
    package mutating func flag(_ value: JSONValue) -> Bool? {
        if value.bool == nil { report(value, "this must be true or false, not \(value.kindName)") }
        return value.bool
    }

    /// A whole number; nil, and reported, for anything else.
    package mutating func integer(_ value: JSONValue) -> Int? {
        if value.int == nil { report(value, "this must be a whole number, not \(describe(value))") }
        return value.int
    }

    /// A whole number in a range; nil, and reported, for anything else.
    package mutating func number(_ value: JSONValue, _ range: ClosedRange<Int>) -> Int? {
        if let number = value.int, range.contains(number) { return number }
        let limits =
            range.upperBound == .max ? "from \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
        report(value, "this must be a whole number \(limits), not \(describe(value))")
        return nil
    }

    /// One of several words; nil, and reported, for anything else.
    package mutating func word<Value>(_ value: JSONValue, _ choices: KeyValuePairs<String, Value>) -> Value? {
        let names = choices.map(\.key)
        if let text = value.string, let choice = choices.first(where: { $0.key == text }) { return choice.value }
        let suggestion = value.string.map { Spelling.suggestion(for: $0, among: names) } ?? ""
        report(value, "\(describe(value)) is not one of \(names.joined(separator: ", "))\(suggestion)")
        return nil
    }

    /// A value in the form in which messages quote it.
    package func describe(_ value: JSONValue) -> String {
        switch value.kind {
        case .string, .integer, .number: value.text(pretty: false)
        case .null, .bool, .array, .object: value.kindName
        }
    }
}
