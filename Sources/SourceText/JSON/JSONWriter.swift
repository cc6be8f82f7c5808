extension JSONValue {
    /// The value as JSON text, without a final line end.
    ///
    /// - Parameters:
    ///   - pretty: One member or element per line, except where a list or object of plain values fits on one.
    ///   - sortedKeys: Members in order of key rather than in their own.
    public func text(pretty: Bool = true, sortedKeys: Bool = false) -> String {
        var writer = JSONWriter(pretty: pretty, sortedKeys: sortedKeys)
        writer.write(self, indent: 0)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    private let pretty: Bool
    private let sortedKeys: Bool

    /// The most bytes that a list of plain values may take on its line.
    private static let lineLimit = 96

    init(pretty: Bool, sortedKeys: Bool) {
        self.pretty = pretty
        self.sortedKeys = sortedKeys
    }

    mutating func write(_ value: JSONValue, indent: Int) {
        switch value.kind {
        case .null: append("null")
        case .bool(let value): append(value ? "true" : "false")
        case .integer(let value): append(String(value))
        case .number(let value): append(value.isFinite ? value.description : "null")
        case .string(let value): write(string: value)
        case .array(let elements):
            writeContainer("[", "]", count: elements.count, flat: isFlat(elements), indent: indent) { writer, index in
                writer.write(elements[index], indent: indent + 1)
            }
        case .object(let object):
            let members = sortedKeys ? object.members.sorted { $0.key < $1.key } : object.members
            let flat = indent > 0 && isFlat(members.map(\.value))
            writeContainer("{", "}", count: members.count, flat: flat, indent: indent) { writer, index in
                writer.write(string: members[index].key)
                writer.append(writer.pretty ? ": " : ":")
                writer.write(members[index].value, indent: indent + 1)
            }
        }
    }

    private func isFlat(_ values: [JSONValue]) -> Bool {
        values.allSatisfy {
            switch $0.kind {
            case .array(let elements): elements.isEmpty
            case .object(let object): object.isEmpty
            default: true
            }
        }
    }

    private mutating func writeContainer(
        _ open: String, _ close: String, count: Int, flat: Bool, indent: Int, _ element: (inout Self, Int) -> Void
    ) {
        let start = bytes.count
        if !pretty || flat || count == 0 {
            append(open)
            for index in 0..<count {
                if index > 0 { append(pretty ? ", " : ",") }
                element(&self, index)
            }
            append(close)
            if !pretty || count < 2 || bytes.count - start <= Self.lineLimit { return }
            bytes.removeSubrange(start...)
        }
        append(open)
        for index in 0..<count {
            append(index > 0 ? ",\n" : "\n")
            bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * (indent + 1)))
            element(&self, index)
        }
        append("\n")
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * indent))
        append(close)
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func write(string: String) {
        let isASCII = string.utf8.allSatisfy { $0 < 0x7F }
        guard isASCII || !string.unicodeScalars.contains(where: { $0.value >= 0x7F && VisibleText.isActive($0) }) else {
            return write(active: string)
        }
        bytes.append(UInt8(ascii: "\""))
        write(content: string)
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func write(content string: String) {
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""): append("\\\"")
            case UInt8(ascii: "\\"): append("\\\\")
            case 0x0A: append("\\n")
            case 0x0D: append("\\r")
            case 0x09: append("\\t")
            case 0..<0x20: appendEscape(UInt16(byte))
            default: bytes.append(byte)
            }
        }
    }

    /// Appends `\uXXXX`.
    private mutating func appendEscape(_ unit: UInt16) {
        let digits = String(unit, radix: 16)
        append("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits)
    }

    /// Writes a string containing characters that a terminal would act on (see ``VisibleText``): escaped, they mean the
    /// same.
    private mutating func write(active string: String) {
        var part = String.UnicodeScalarView()
        bytes.append(UInt8(ascii: "\""))
        for scalar in string.unicodeScalars {
            guard scalar.value >= 0x7F, VisibleText.isActive(scalar) else {
                part.append(scalar)
                continue
            }
            write(content: String(part))
            part = String.UnicodeScalarView()
            for unit in UTF16.encode(scalar) ?? .init() { appendEscape(unit) }
        }
        write(content: String(part))
        bytes.append(UInt8(ascii: "\""))
    }
}
