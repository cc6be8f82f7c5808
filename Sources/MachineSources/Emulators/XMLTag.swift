import SourceText

/// An XML tag with simple attributes only. Comments and entities are ignored.
struct XMLTag {
    var name: String
    /// The text up to the next tag, trimmed.
    private(set) var content = ""
    private var attributes: [String: String] = [:]

    subscript(name: String) -> String? { attributes[name] }

    /// The opening tags in order; of broken text, as far as it can be read.
    static func all(in text: String) -> [XMLTag] {
        var tags: [XMLTag] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "<") {
            rest = rest[rest.index(after: open)...]
            if rest.hasPrefix("!--") {
                guard let end = rest.firstRange(ofText: "-->") else { break }
                rest = rest[end.upperBound...]
                continue
            }
            guard let close = rest.firstIndex(of: ">") else { break }
            let opening = XMLTag(rest[..<close])
            rest = rest[rest.index(after: close)...]
            guard var tag = opening else { continue }
            tag.content = rest.prefix { $0 != "<" }.trimmed
            tags.append(tag)
        }
        return tags
    }

    private init?(_ text: Substring) {
        guard let first = text.first, first.isLetter else { return nil }
        name = String(text.prefix { !$0.isWhitespace && $0 != "/" })
        var rest = text.dropFirst(name.count)
        while let equals = rest.firstIndex(of: "=") {
            let key = rest[..<equals].split(whereSeparator: \.isWhitespace).last.map(String.init) ?? ""
            rest = rest[rest.index(after: equals)...].drop(while: \.isWhitespace)
            guard let quote = rest.first, quote == "\"" || quote == "'" else { break }
            rest = rest.dropFirst()
            guard let end = rest.firstIndex(of: quote) else { break }
            attributes[key] = String(rest[..<end])
            rest = rest[rest.index(after: end)...]
        }
    }
}
