import SourceText

/// What is wrong with a recording, and where.
public struct RecordingError: Error, CustomStringConvertible, Sendable {
    /// The file's name.
    public var source: String
    public var location: SourceLocation?
    /// As `before.nodes[0].zones[2].managed`.
    public var path: String
    public var message: String

    public var description: String {
        let place = location.map { "\(source):\($0)" } ?? source
        return path.isEmpty ? "\(place): \(message)" : "\(place): \(path): \(message)"
    }
}

/// A JSON value and the document it is part of: accessors that throw with the place.
struct RecordingField {
    let document: JSONDocument
    let value: JSONValue

    init(_ document: JSONDocument) {
        self.document = document
        value = document.root
    }

    private init(_ document: JSONDocument, _ value: JSONValue) {
        self.document = document
        self.value = value
    }

    func failure(_ message: String) -> RecordingError {
        RecordingError(
            source: document.source.name, location: value.offset.map { document.location(ofOffset: $0) },
            path: value.offset.map { document.path(ofOffset: $0).description } ?? "", message: message)
    }

    /// A member that may be missing or null.
    func optional(_ key: String) -> RecordingField? {
        guard let member = value[key], !member.isNull else { return nil }
        return RecordingField(document, member)
    }

    subscript(key: String) -> RecordingField {
        get throws(RecordingError) {
            guard let member = optional(key) else { throw failure("\"\(key)\" is missing") }
            return member
        }
    }

    var int: Int {
        get throws(RecordingError) {
            guard let number = value.int else { throw failure("a whole number is needed, this is \(value.kindName)") }
            return number
        }
    }

    /// A whole number from 0 to `limit`.
    func count(_ limit: Int = Int(UInt32.max)) throws(RecordingError) -> Int {
        let number = try int
        guard number >= 0, number <= limit else { throw failure("\(number) is not in 0...\(limit)") }
        return number
    }

    var string: String {
        get throws(RecordingError) {
            guard let text = value.string else { throw failure("a string is needed, this is \(value.kindName)") }
            return text
        }
    }

    var elements: [RecordingField] {
        get throws(RecordingError) {
            guard let array = value.array else { throw failure("a list is needed, this is \(value.kindName)") }
            return array.map { RecordingField(document, $0) }
        }
    }

    var members: [(key: String, field: RecordingField)] {
        get throws(RecordingError) {
            guard let object = value.object else { throw failure("an object is needed, this is \(value.kindName)") }
            return object.members.map { ($0.key, RecordingField(document, $0.value)) }
        }
    }

    /// A page frame number below 2^52.
    var frame: PageFrameNumber {
        get throws(RecordingError) { PageFrameNumber(try count(1 << 52)) }
    }
}
