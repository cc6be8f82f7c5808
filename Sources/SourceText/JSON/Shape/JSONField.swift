/// A JSON value and its document, for texts written by programs, in which nothing may be wrong: each accessor throws at
/// the first error, with its place.
///
/// Descriptions written by people are read with ``JSONShapes``, which reports all errors.
package struct JSONField {
    /// The document.
    package let document: JSONDocument
    /// The value.
    package let value: JSONValue

    /// The root of a document.
    package init(_ document: JSONDocument) {
        self.document = document
        value = document.root
    }

    private init(_ document: JSONDocument, _ value: JSONValue) {
        self.document = document
        self.value = value
    }

    /// An error at this value.
    package func failure(_ message: String) -> SourceProblem {
        SourceProblem(
            at: value.offset.map { document.path(ofOffset: $0) } ?? [], source: document.source.name,
            location: value.offset.map { document.location(ofOffset: $0) }, message)
    }

    /// A member that may be missing or null, which both give nil.
    package func optional(_ key: String) -> JSONField? {
        guard let member = value[key], !member.isNull else { return nil }
        return JSONField(document, member)
    }

    /// A member that must be there and not be null.
    package subscript(key: String) -> JSONField {
        get throws(SourceProblem) {
            guard let member = optional(key) else { throw failure("\"\(key)\" is missing") }
            return member
        }
    }

    /// A whole number.
    package var int: Int {
        get throws(SourceProblem) {
            guard let number = value.int else { throw failure("a whole number is needed, this is \(value.kindName)") }
            return number
        }
    }

    /// A whole number from 0 to `limit`.
    package func count(_ limit: Int = Int(UInt32.max)) throws(SourceProblem) -> Int {
        let number = try int
        guard number >= 0, number <= limit else { throw failure("\(number) is not in 0...\(limit)") }
        return number
    }

    /// A string.
    package var string: String {
        get throws(SourceProblem) {
            guard let text = value.string else { throw failure("a string is needed, this is \(value.kindName)") }
            return text
        }
    }

    /// Whether it is a list that was left in the text, which ``scan(_:)`` reads.
    package var isLeft: Bool { value.isLeft }

    /// Reads a list that was left in the text, with a scanner placed before its bracket.
    package func scan<Answer>(
        _ body: (inout JSONScanner) throws(JSONScanner.Failure) -> Answer
    ) throws(SourceProblem) -> Answer {
        do throws(JSONScanner.Failure) { return try document.scan(value, body) } catch {
            throw failure(error.message ?? "this cannot be read here")
        }
    }

    /// The elements of a list.
    package var elements: [JSONField] {
        get throws(SourceProblem) {
            guard !isLeft else { throw failure("a list is needed that is not as long") }
            guard let array = value.array else { throw failure("a list is needed, this is \(value.kindName)") }
            return array.map { JSONField(document, $0) }
        }
    }

    /// The members of an object.
    package var members: [(key: String, field: JSONField)] {
        get throws(SourceProblem) {
            guard let object = value.object else { throw failure("an object is needed, this is \(value.kindName)") }
            return object.members.map { ($0.key, JSONField(document, $0.value)) }
        }
    }

    /// A whole number from 1 to `limit`.
    package func positive(_ limit: Int) throws(SourceProblem) -> Int {
        let number = try int
        guard number >= 1, number <= limit else { throw failure("\(number) is not in 1...\(limit)") }
        return number
    }
}
