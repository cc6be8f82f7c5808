extension JSONParser {
    /// Reads a string in single or double quotes.
    mutating func parseString() throws(Failure) -> String {
        let quote = bytes[at]
        let start = at + 1
        var index = start
        var isASCII = true
        while index < bytes.count {
            let byte = bytes[index]
            if byte == quote {
                at = index + 1
                if isASCII {
                    return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<index]), as: UTF8.self)
                }
                return try text(start..<index)
            }
            if byte == UInt8(ascii: "\\") { return try parseEscapedString(start) }
            if byte < 0x20 { break }
            if byte >= 0x80 { isASCII = false }
            index += 1
        }
        throw unclosed(start - 1, at: index)
    }

    private func unclosed(_ start: Int, at index: Int) -> Failure {
        if index < bytes.count, bytes[index] != 0x0A, bytes[index] != 0x0D {
            let code = String(bytes[index], radix: 16)
            return failure("a string may not hold the control character 0x\(code): write it as an escape", at: index)
        }
        return failure("this string is not closed on its line", at: start)
    }

    private mutating func parseEscapedString(_ start: Int) throws(Failure) -> String {
        let quote = bytes[start - 1]
        var content: [UInt8] = []
        at = start
        while at < bytes.count, bytes[at] != quote {
            if bytes[at] == UInt8(ascii: "\\") {
                try parseEscape(into: &content)
            } else if bytes[at] < 0x20 {
                throw unclosed(start - 1, at: at)
            } else {
                content.append(bytes[at])
                at += 1
            }
        }
        guard at < bytes.count else { throw unclosed(start - 1, at: at) }
        at += 1
        guard let text = String(validating: content, as: UTF8.self) else {
            throw failure("this string is not UTF-8", at: start - 1)
        }
        return text
    }

    private mutating func parseEscape(into content: inout [UInt8]) throws(Failure) {
        let start = at
        guard at + 1 < bytes.count else { throw failure("the text ends after a backslash") }
        let byte = bytes[at + 1]
        at += 2
        switch byte {
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "v"): content.append(0x0B)
        case UInt8(ascii: "0") where at == bytes.count || !(0x30...0x39).contains(bytes[at]): content.append(0)
        case UInt8(ascii: "x"): append(try parseHex(2, start), to: &content)
        case UInt8(ascii: "u"): append(try parseUnicode(start), to: &content)
        case 0x0A: break
        case 0x0D: if at < bytes.count, bytes[at] == 0x0A { at += 1 }
        case 0x30...0x39:
            throw failure("an escape may not be a digit: write \\x and two hexadecimal digits", at: start)
        default: content.append(byte)
        }
    }

    /// Reads `\uXXXX`, or two of them that make one character beyond U+FFFF.
    private mutating func parseUnicode(_ start: Int) throws(Failure) -> UInt32 {
        let first = try parseHex(4, start)
        guard (0xD800..<0xE000).contains(first) else { return first }
        if first < 0xDC00, at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "u") {
            at += 2
            let second = try parseHex(4, start)
            if (0xDC00..<0xE000).contains(second) { return 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00) }
        }
        throw failure("this escape is half of a pair of surrogates; the other half is missing", at: start)
    }

    private mutating func parseHex(_ digits: Int, _ start: Int) throws(Failure) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard at < bytes.count, let digit = Character(.init(bytes[at])).hexDigitValue, bytes[at] < 0x80 else {
                throw failure("this escape needs \(digits) hexadecimal digits", at: start)
            }
            value = value << 4 | UInt32(digit)
            at += 1
        }
        return value
    }

    private func append(_ code: UInt32, to content: inout [UInt8]) {
        // Surrogates were refused, so such a scalar always exists.
        content.append(contentsOf: String(Unicode.Scalar(code) ?? "\u{FFFD}").utf8)
    }
}
