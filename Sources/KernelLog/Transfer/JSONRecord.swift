/// The kernel's text in a line of `journalctl -o json` or of a container's log.
///
/// Not a JSON reader: it finds one member of a one-line object and reads its value, even if the line is cut off.
enum JSONRecord {
    /// The value of `MESSAGE`, `log`, `message`, `msg` or other collectors' names for it; nil if the line is not an
    /// object or has none of them.
    static func message(in line: LogText) -> [UInt8]? {
        let text = line.trimmed
        // If a record is written over several lines, a line has one member only (`dmesg -J`, `journalctl -o
        // json-pretty`).
        let isMember = text.starts(with: "\"msg\":") || text.starts(with: "\"MESSAGE\" :")
        guard text.starts(with: "{") || isMember else { return nil }
        let keys: [StaticString] = [
            "\"MESSAGE\"", "\"log\"", "\"message\"", "\"msg\"", "\"short_message\"", "\"text\"", "\"line\"", "\"body\"",
            "\"@message\"", "\"textPayload\"", "\"_raw\"",
        ]
        for key in keys {
            guard let rest = text.after(key)?.trimmed, rest.starts(with: ":") else { continue }
            let value = rest.dropping(1).trimmed
            if value.starts(with: "\"") { return string(value.dropping(1).bytes) }
            if value.starts(with: "[") { return byteArray(value.dropping(1).bytes) }
        }
        return nil
    }

    private static func string(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex, bytes[index] != UInt8(ascii: "\"") {
            guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.endIndex else {
                result.append(bytes[index])
                index += 1
                continue
            }
            index += 2
            switch bytes[index - 1] {
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "u"):
                let digits = bytes[index...].prefix(4)
                let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) ?? 0xFFFD
                result.append(contentsOf: String(Character(Unicode.Scalar(code) ?? "\u{FFFD}")).utf8)
                index += digits.count
            case let byte: result.append(byte)
            }
        }
        return result
    }

    /// journald writes a message that is not printable text as an array of its bytes.
    private static func byteArray(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        bytes.prefix { $0 != UInt8(ascii: "]") }.split(separator: UInt8(ascii: ",")).compactMap {
            LogText($0).trimmed.integer.flatMap { UInt8(exactly: $0) }
        }
    }
}
