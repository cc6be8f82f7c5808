import SourceText

/// A form that cannot be read but is recognised: what it is, and what to give instead.
struct ForeignFormat: Sendable {
    var recognises: @Sendable (SourceInput) -> Bool
    /// The sentence after "FILE: ".
    var sentence: String

    static let table: [ForeignFormat] = binaries + drawings + firmware + json + tools + processes + documents

    init(recognises: @escaping @Sendable (SourceInput) -> Bool, sentence: String) {
        self.recognises = recognises
        self.sentence = sentence
    }

    init(magic: [UInt8], _ sentence: String) {
        self.init(recognises: { $0.bytes.starts(with: magic) }, sentence: sentence)
    }

    init(prefix: String, _ sentence: String) {
        self.init(recognises: { $0.start.hasPrefix(prefix) }, sentence: sentence)
    }

    init(sign: String, _ sentence: String) {
        self.init(recognises: { $0.head.contains(sign) }, sentence: sentence)
    }

    /// A form recognised by its first line.
    init(firstLine line: @escaping @Sendable (Substring) -> Bool, _ sentence: String) {
        self.init(recognises: { line($0.start.prefix { !$0.isNewline }) }, sentence: sentence)
    }
}
