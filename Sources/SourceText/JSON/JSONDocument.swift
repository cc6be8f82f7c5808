/// A text in JSON or JSON5 (json5.org): comments, trailing commas, single quotes, unquoted keys, hexadecimal numbers,
/// leading and trailing decimal points, signs, and lines continued by a backslash. Every key and value knows its place,
/// so that a later check of its meaning can report the line.
public struct JSONDocument: Sendable {
    /// The text.
    public let source: SourceFile
    /// The outermost value.
    public let root: JSONValue
    /// Keys that appear more than once in an object, in order of the text, at most ``mostDuplicates`` of them. The last
    /// value counts.
    public let duplicates: [DuplicateKey]
    /// Whether lists were left in the text, to be read by ``scan(_:_:)``.
    package let leavesLists: Bool
    private let places = LineTable()

    /// A key that appears more than once in an object.
    public struct DuplicateKey: Hashable, Sendable {
        /// The key.
        public var key: String
        /// Where it appears again, in bytes from the text's start.
        public var offset: Int
        /// Where it appears first.
        public var firstOffset: Int
    }

    /// How deep lists and objects may nest. No reasonable text needs more.
    public static let depthLimit = 512

    /// How many values a text may have: about what 50 MB can hold, which takes 800 MB of memory. The largest recording
    /// of a real kernel has half a million.
    public static let valueLimit = 1 << 24

    /// How many of the repeated keys are reported.
    public static let mostDuplicates = 1000

    /// - Throws: ``SourceError`` of kind `syntax`, at the first place that is not JSON5.
    public init(_ source: SourceFile) throws(SourceError) { try self.init(source, leavingLists: []) }

    /// Like ``init(_:)``, but leaves long lists of numbers in the text if they are members with one of these names.
    /// Such a list appears to be empty, is ``JSONValue/isLeft``, and is read in place by ``scan(_:_:)``.
    ///
    /// Only the bytes between its brackets have been looked at: reading it may show that it is not JSON.
    package init(_ source: SourceFile, leavingLists names: Set<String>) throws(SourceError) {
        guard source.bytes.count < Int32.max else {
            throw SourceError(source: source.name, kind: .tooLarge, message: "is too large for JSON: 2 GiB or more")
        }
        var result = Self.parse(source, names)
        // A missing or extra bracket in a list that was left shows up elsewhere.
        if case .failure = result, !names.isEmpty { result = Self.parse(source, []) }
        switch result {
        case .success(let (root, duplicates, leavesLists)):
            self.source = source
            self.root = root
            self.duplicates = duplicates
            self.leavesLists = leavesLists
        case .failure(let failure):
            throw SourceError(
                source: source.name, location: source.location(ofOffset: failure.offset), kind: .syntax,
                message: failure.message)
        }
    }

    private static func parse(
        _ source: SourceFile, _ names: Set<String>
    ) -> Result<(JSONValue, [DuplicateKey], Bool), JSONParser.Failure> {
        source.bytes.withUnsafeBufferPointer { bytes in
            var parser = JSONParser(bytes)
            parser.leavesLists = names
            return Result { () throws(JSONParser.Failure) in
                (try parser.parseDocument(), parser.duplicates, parser.hasLeftLists)
            }
        }
    }

    /// A document of which only some of the root's members were read, with their places in the whole text.
    package init(_ source: SourceFile, members: [JSONObject.Member]) {
        self.source = source
        root = JSONValue(.object(JSONObject(unchecked: members) { _, _ in }), position: 0)
        duplicates = []
        leavesLists = false
    }

    /// Reads a text; `name` is what messages call it.
    public init(text: String, name: String = "JSON") throws(SourceError) {
        try self.init(SourceFile(name: name, text: text))
    }

    /// Reads a file (`-`: standard input), compressed or not; see ``SourceFile/load(_:limit:)``.
    public static func load(_ path: String) throws(SourceError) -> JSONDocument {
        try JSONDocument(SourceFile.load(path))
    }

    /// Reads a list that was left in the text.
    ///
    /// - Parameters:
    ///   - value: A value that is ``JSONValue/isLeft``.
    ///   - body: Is given a scanner placed before the list.
    package func scan<Answer>(
        _ value: JSONValue, _ body: (inout JSONScanner) throws(JSONScanner.Failure) -> Answer
    ) throws(JSONScanner.Failure) -> Answer {
        try source.bytes.withUnsafeBufferPointer { bytes throws(JSONScanner.Failure) in
            var scanner = JSONScanner(bytes)
            scanner.at = max(Int(value.position), 0)
            return try body(&scanner)
        }
    }

    /// The place of a byte. The first query takes time proportional to the text, later ones almost none.
    public func location(ofOffset offset: Int) -> SourceLocation {
        places.location(ofOffset: offset, in: source.bytes)
    }

    /// The path of the innermost value or key at an offset, such as `nodes[1].memory`; the root's is empty.
    public func path(ofOffset offset: Int) -> JSONPath {
        var path = JSONPath()
        var value = root
        while true {
            switch value.kind {
            case .array(let elements):
                guard let index = Self.last(of: elements.count, before: offset, { elements[$0].offset }) else {
                    return path
                }
                path.components.append(.index(index))
                value = elements[index]
            case .object(let object):
                let members = object.members
                guard let index = Self.last(of: members.count, before: offset, { members[$0].keyOffset }) else {
                    return path
                }
                let member = members[index]
                path.components.append(.key(member.key))
                value = member.value
            default:
                return path
            }
        }
    }

    /// The last of `count` parts that begins at or before `offset`; parts are in order of the text.
    private static func last(of count: Int, before offset: Int, _ start: (Int) -> Int?) -> Int? {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if (start(middle) ?? .max) <= offset { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? low - 1 : nil
    }

    /// The value at a path, or the innermost one on the way to it that exists.
    public func value(nearest path: JSONPath) -> JSONValue {
        var value = root
        for component in path.components {
            let next =
                switch component {
                case .key(let key): value[key]
                case .index(let index): value[index]
                }
            guard let next else { break }
            value = next
        }
        return value
    }
}
