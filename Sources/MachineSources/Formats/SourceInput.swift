import LibArchive
import SourceText

/// What a user named as a source, ready to be examined.
struct SourceInput: Sendable {
    /// The name as the user gave it.
    var name: String
    var content: Content
    /// Which report of a log describes the machine; nil: the first, or the boot if the log has one.
    var nth: Int?
    /// Whether it is joined to others by `+`, so that it need not be a whole machine.
    var isPart = false

    enum Content: Sendable {
        case file(SourceFile)
        case directory(String)
        case archive(Archive)
    }

    /// The file's first 64 KiB as text; empty for a directory or archive.
    let head: String
    /// ``head`` without leading blanks.
    let start: Substring

    init(name: String, content: Content, nth: Int? = nil) {
        self.name = name
        self.content = content
        self.nth = nth
        switch content {
        case .directory, .archive: head = ""
        case .file(let file): head = String(decoding: file.bytes.prefix(1 << 16), as: UTF8.self)
        }
        start = head.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    }

    var file: SourceFile? {
        if case .file(let file) = content { return file }
        return nil
    }

    var isDirectory: Bool { if case .directory = content { true } else { false } }

    var bytes: [UInt8] { file?.bytes ?? [] }

    /// The folder that file names in the text are relative to.
    var folder: String { name.lastIndex(of: "/").map { String(name[...$0]) } ?? "" }

    /// Whether there are only blanks.
    var isEmpty: Bool { file.map { file in !file.bytes.prefix(1 << 16).contains { !Self.isBlank($0) } } ?? false }

    /// Whether there are bytes that no text has.
    var isBinary: Bool { bytes.prefix(4096).contains(0) }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
