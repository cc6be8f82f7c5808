/// Text from a web page: entities, and the few tags that occur in listings of logs and in forums.
enum HTMLText {
    private static let entities: [(name: StaticString, byte: UInt8)] = [
        ("&lt;", UInt8(ascii: "<")), ("&gt;", UInt8(ascii: ">")), ("&amp;", UInt8(ascii: "&")),
        ("&quot;", UInt8(ascii: "\"")), ("&#34;", UInt8(ascii: "\"")), ("&#39;", UInt8(ascii: "'")),
        ("&#x27;", UInt8(ascii: "'")), ("&nbsp;", 0x20), ("&#160;", 0x20), ("&#42;", UInt8(ascii: "*")),
    ]
    /// The kernel's own `<TASK>`, `<IRQ>` and `<4>` are not among them.
    private static let tags: [StaticString] = [
        "<br", "<p>", "</p>", "<pre", "</pre", "<div", "</div", "<span", "</span", "<code", "</code", "<a ", "</a>",
        "<em>", "</em>", "<i>", "</i>", "<b>", "</b>", "<li>", "</li>", "<td", "</td", "<tr", "</tr", "<blockquote",
        "</blockquote", "<html", "</html", "<body", "</body",
    ]

    /// Tags such as `[COLOR="Red"]`, none of which a kernel's line could contain.
    private static let forumTags: [StaticString] = [
        "[COLOR", "[/COLOR]", "[color", "[/color]", "[SIZE", "[/SIZE]", "[size=", "[/size]", "[FONT", "[/FONT]",
        "[CODE]",
        "[/CODE]", "[code]", "[/code]", "[QUOTE", "[/QUOTE]", "[quote", "[/quote]", "[B]", "[/B]", "[/b]",
    ]

    /// Whether there may be anything to decode.
    static func isLikely(in bytes: ArraySlice<UInt8>) -> Bool {
        bytes.contains { $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: "<") } || LogText(bytes).contains("[/")
    }

    /// Decodes entities and drops tags; `<em>` becomes the asterisk that Markdown replaced.
    static func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let rest = LogText(bytes[index...])
            if bytes[index] == UInt8(ascii: "&"), let entity = entities.first(where: { rest.starts(with: $0.name) }) {
                result.append(entity.byte)
                index += entity.name.utf8CodeUnitCount
            } else if bytes[index] == UInt8(ascii: "<"), tags.contains(where: { rest.starts(with: $0) }),
                let close = rest.bytes.prefix(256).firstIndex(of: UInt8(ascii: ">"))
            {
                if rest.starts(with: "<em>") || rest.starts(with: "</em>") { result.append(UInt8(ascii: "*")) }
                index = close + 1
            } else if bytes[index] == UInt8(ascii: "["), forumTags.contains(where: { rest.starts(with: $0) }),
                let close = rest.bytes.prefix(64).firstIndex(of: UInt8(ascii: "]"))
            {
                index = close + 1
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }
}
