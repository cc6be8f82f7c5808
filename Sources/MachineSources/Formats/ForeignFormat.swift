import SourceText

/// A form that cannot be read but is recognised: what it is, and what to give instead.
struct ForeignFormat: Sendable {
    var recognises: @Sendable (SourceInput) -> Bool
    /// The sentence after "FILE: ".
    var sentence: String

    static let table: [ForeignFormat] =
        binaries + drawings + firmware + json + tools + monitors + crashes + processes + statistics + documents

    init(recognises: @escaping @Sendable (SourceInput) -> Bool, sentence: String) {
        self.recognises = recognises
        self.sentence = sentence
    }

    init(magic: [UInt8], _ sentence: String) {
        self.init(recognises: { $0.bytes.starts(with: magic) }, sentence: sentence)
    }

    /// A binary form recognised by bytes that a text may also begin with.
    ///
    /// - Parameters:
    ///   - magic: The bytes.
    ///   - place: The offset of the bytes in the file.
    ///   - sentence: What the file is, and what to give instead.
    init(binary magic: [UInt8], at place: Int = 0, _ sentence: String) {
        self.init(
            recognises: { $0.isBinary && $0.bytes.dropFirst(place).starts(with: magic) }, sentence: sentence)
    }

    init(prefix: String, _ sentence: String) {
        self.init(recognises: { $0.start.hasPrefix(prefix) }, sentence: sentence)
    }

    init(sign: String, _ sentence: String) {
        self.init(recognises: { $0.head.contains(sign) }, sentence: sentence)
    }

    /// A form recognised by the columns in its first line.
    ///
    /// - Parameters:
    ///   - words: Words of the first line, in this order, with anything between them.
    ///   - sentence: What the file is, and what to give instead.
    init(columns words: [String], _ sentence: String) {
        self.init(
            firstLine: { line in
                var rest = line.split(whereSeparator: \.isWhitespace)[...]
                return words.allSatisfy { word in
                    guard let place = rest.firstIndex(where: { $0 == word }) else { return false }
                    rest = rest[(place + 1)...]
                    return true
                }
            }, sentence)
    }

    /// A form recognised by its first line.
    init(firstLine line: @escaping @Sendable (Substring) -> Bool, _ sentence: String) {
        self.init(recognises: { line($0.start.prefix { !$0.isNewline }) }, sentence: sentence)
    }
}
