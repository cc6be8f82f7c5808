/// Text from the source of a web page, in which signs with a meaning in markup are written by name.
enum WebText {
    private static let names: [(StaticString, UInt8)] = [
        ("&gt;", UInt8(ascii: ">")), ("&lt;", UInt8(ascii: "<")), ("&amp;", UInt8(ascii: "&")),
        ("&quot;", UInt8(ascii: "\"")), ("&#39;", UInt8(ascii: "'")),
    ]

    static func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        guard bytes.contains(UInt8(ascii: "&")) else { return Array(bytes) }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var rest = LogText(bytes)
        while let byte = rest.bytes.first {
            if byte == UInt8(ascii: "&"), let (name, sign) = names.first(where: { rest.starts(with: $0.0) }) {
                result.append(sign)
                rest = rest.dropping(name.utf8CodeUnitCount)
            } else {
                result.append(byte)
                rest = rest.dropping(1)
            }
        }
        return result
    }
}
