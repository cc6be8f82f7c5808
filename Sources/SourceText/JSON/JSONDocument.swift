/// A text in JSON, or in JSON5 (json5.org): comments, trailing commas, single quotes, unquoted keys, hexadecimal
/// numbers, leading and trailing decimal points, signs, and lines continued by a backslash. Every key and value knows
/// where it stands, so that a later look at its meaning can say what is wrong at which line.
public struct JSONDocument: Sendable {
    public let source: SourceFile
    public let root: JSONValue
    /// Keys that stand more than once in one object, in the order of the text. The last value counts.
    public let duplicates: [DuplicateKey]

    public struct DuplicateKey: Hashable, Sendable {
        public var key: String
        /// Where the key stands again.
        public var offset: Int
        /// Where it stood first.
        public var firstOffset: Int
    }

    /// How deep lists and objects may nest: more would be an attack rather than a text.
    public static let depthLimit = 512

    /// - Throws: ``SourceError`` of kind `syntax`, at the first place that is not JSON5.
    public init(_ source: SourceFile) throws(SourceError) {
        guard source.bytes.count < Int32.max else {
            throw SourceError(source: source.name, kind: .tooLarge, message: "is too large for JSON: 2 GiB or more")
        }
        let result = source.bytes.withUnsafeBufferPointer { bytes in
            var parser = JSONParser(bytes)
            return Result { () throws(JSONParser.Failure) in (try parser.parseDocument(), parser.duplicates) }
        }
        switch result {
        case .success(let (root, duplicates)):
            self.source = source
            self.root = root
            self.duplicates = duplicates
        case .failure(let failure):
            throw SourceError(
                source: source.name, location: source.location(ofOffset: failure.offset), kind: .syntax,
                message: failure.message)
        }
    }

    public init(text: String, name: String = "JSON") throws(SourceError) {
        try self.init(SourceFile(name: name, text: text))
    }

    /// Reads a file (`-`: standard input), compressed or not; see ``SourceFile/load(_:limit:)``.
    public static func load(_ path: String) throws(SourceError) -> JSONDocument {
        try JSONDocument(SourceFile.load(path))
    }

    public func location(ofOffset offset: Int) -> SourceLocation { source.location(ofOffset: offset) }

    /// The path of the innermost value or key around an offset, such as `nodes[1].memory`; the root's is empty.
    public func path(ofOffset offset: Int) -> JSONPath {
        var path = JSONPath()
        var value = root
        while true {
            switch value.kind {
            case .array(let elements):
                guard let index = elements.lastIndex(where: { ($0.offset ?? .max) <= offset }) else { return path }
                path.components.append(.index(index))
                value = elements[index]
            case .object(let object):
                guard let member = object.members.last(where: { ($0.keyOffset ?? .max) <= offset }) else {
                    return path
                }
                path.components.append(.key(member.key))
                value = member.value
            default:
                return path
            }
        }
    }

    /// The value at a path, or the innermost one around it where the text does not go that deep.
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
