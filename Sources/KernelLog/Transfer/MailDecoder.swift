import SourceText

/// Decodes the parts of a mail that are in base64 (RFC 2045, 6.8), piece by piece; everything else is passed on
/// unchanged.
struct MailDecoder {
    private enum Part {
        case plain
        /// In the head of a part whose body is encoded.
        case head
        case body
    }

    private var part = Part.plain
    /// A line whose end has not arrived.
    private var open: [UInt8] = []
    /// Bits that do not make a byte yet.
    private var bits: UInt32 = 0
    private var bitCount = 0

    private static let lineLimit = 4096

    /// Nil if a text's beginning is not that of a mail with such a part.
    init?(start: some Collection<UInt8>) {
        let head = LogText(Array(start.prefix(64 * 1024)))
        guard head.contains("ransfer-Encoding: base64") || head.contains("ransfer-encoding: base64") else { return nil }
    }

    mutating func decode(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        for byte in bytes {
            open.append(byte)
            if byte == 0x0A || open.count >= Self.lineLimit { take(&result) }
        }
        return result
    }

    /// Decodes what is left at the end.
    mutating func finish() -> [UInt8] {
        var result: [UInt8] = []
        take(&result)
        return result
    }

    private mutating func take(_ result: inout [UInt8]) {
        defer { open.removeAll(keepingCapacity: true) }
        let line = LogText(open[...]).trimmedOfBreaks
        switch part {
        case .plain:
            if line.contains("ransfer-Encoding: base64") || line.contains("ransfer-encoding: base64") { part = .head }
            result += open
        case .head:
            if line.isEmpty { part = .body }
            result += open
        case .body:
            guard line.bytes.allSatisfy({ Self.value($0) != nil || $0 == UInt8(ascii: "=") }) else {
                part = .plain
                (bits, bitCount) = (0, 0)
                result.append(0x0A)
                result += open
                return
            }
            for byte in line.bytes {
                guard let value = Self.value(byte) else { continue }
                bits = bits << 6 | value
                bitCount += 6
                guard bitCount >= 8 else { continue }
                bitCount -= 8
                result.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
            }
        }
    }

    private static func value(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}

extension LogText {
    /// The text without blanks and line breaks at its ends.
    fileprivate var trimmedOfBreaks: LogText {
        var text = trimmed
        while let last = text.bytes.last, last == 0x0A || last == 0x0D { text = LogText(text.bytes.dropLast()).trimmed }
        return text
    }
}
