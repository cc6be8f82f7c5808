extension JSONParser {
    /// Reads a string, a number or a word.
    mutating func parseScalar() throws(Failure) -> JSONValue {
        let start = at
        let kind: JSONValue.Kind
        switch bytes[at] {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            kind = .string(try parseString())
        case 0x30...0x39, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."):
            kind = try parseNumber()
        case let byte where Self.isIdentifier(byte):
            kind = try parseWord()
        default:
            throw failure("expected a value, found \(found)")
        }
        return JSONValue(kind, position: Int32(truncatingIfNeeded: start))
    }

    private mutating func parseWord() throws(Failure) -> JSONValue.Kind {
        let start = at
        switch try parseIdentifier() {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        case "Infinity": return .number(.infinity)
        case "NaN": return .number(.nan)
        case let word:
            throw failure("expected a value, found the word \(word): put a text in quotes, \"\(word)\"", at: start)
        }
    }

    /// Reads an unquoted key or a word.
    mutating func parseIdentifier() throws(Failure) -> String {
        let start = at
        while at < bytes.count, Self.isIdentifier(bytes[at]) { at += 1 }
        return try text(start..<at)
    }

    func text(_ range: Range<Int>) throws(Failure) -> String {
        guard let text = String(validating: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self) else {
            throw failure("this is not UTF-8", at: range.lowerBound)
        }
        return text
    }

    // MARK: - Numbers

    private mutating func parseNumber() throws(Failure) -> JSONValue.Kind {
        let start = at
        let isNegative = bytes[at] == UInt8(ascii: "-")
        if isNegative || bytes[at] == UInt8(ascii: "+") { at += 1 }
        let firstDigit = at
        var magnitude: UInt64 = 0
        while at < bytes.count, case let digit = bytes[at] &- 0x30, digit < 10 {
            magnitude = magnitude &* 10 &+ UInt64(digit)
            at += 1
        }
        let digits = at - firstDigit
        // 18 digits always fit; what ends a number here is not part of any other form of number.
        if digits > 0, digits <= 18, bytes[firstDigit] != 0x30 || digits == 1,
            at == bytes.count || !Self.isIdentifier(bytes[at]) && bytes[at] != UInt8(ascii: ".")
        {
            return .integer(isNegative ? -Int64(magnitude) : Int64(magnitude))
        }
        return try parseRareNumber(start, firstDigit: firstDigit, isNegative: isNegative)
    }

    /// Reads fractions, exponents, hexadecimal and very large numbers, infinities and NaN.
    private mutating func parseRareNumber(
        _ start: Int, firstDigit: Int, isNegative: Bool
    ) throws(Failure) -> JSONValue.Kind {
        at = firstDigit
        while at < bytes.count, Self.isIdentifier(bytes[at]) || bytes[at] == UInt8(ascii: ".") || isExponentSign {
            at += 1
        }
        let all = try text(start..<at)
        let body = try text(firstDigit..<at)
        let sign = isNegative ? -1.0 : 1.0

        if body.hasPrefix("0x") || body.hasPrefix("0X") {
            if let value = UInt64(body.dropFirst(2), radix: 16), !body.dropFirst(2).hasPrefix("+") {
                if let whole = Int64(exactly: value) { return .integer(isNegative ? -whole : whole) }
                return .number(sign * Double(value))
            }
        } else if body == "Infinity" {
            return .number(sign * .infinity)
        } else if body == "NaN" {
            return .number(.nan)
        } else if isDecimal(body) {
            if let whole = Int64(all) { return .integer(whole) }
            // Double's grammar requires digits on both sides of the point.
            let padded = (body.hasPrefix(".") ? "0" : "") + body.replacing(point: ".", by: ".0")
            if let value = Double(padded) { return .number(sign * value) }
        } else if body.utf8.count > 1, body.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            throw failure("the number \(all) begins with 0: omit the 0, or write 0x for hexadecimal", at: start)
        }
        if body.isEmpty { throw failure("expected a number after '\(all)', found \(found)") }
        throw failure("\(all) is not a number: put a text in quotes, \"\(all)\"", at: start)
    }

    private var isExponentSign: Bool {
        (bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-"))
            && at > 0 && bytes[at - 1] | 0x20 == UInt8(ascii: "e")
    }

    /// Whether a text is digits with at most one point and exponent, and without a leading zero before another digit.
    private func isDecimal(_ text: String) -> Bool {
        let parts = text.utf8.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 | 0x20 == UInt8(ascii: "e") }
        let mantissa = parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard mantissa.count <= 2, mantissa.contains(where: { !$0.isEmpty }),
            mantissa.allSatisfy({ $0.allSatisfy { (0x30...0x39).contains($0) } }),
            !(mantissa[0].first == 0x30 && mantissa[0].count > 1)
        else { return false }
        guard parts.count == 2 else { return true }
        let exponent =
            parts[1].first == UInt8(ascii: "+") || parts[1].first == UInt8(ascii: "-")
            ? parts[1].dropFirst() : parts[1]
        return !exponent.isEmpty && exponent.allSatisfy { (0x30...0x39).contains($0) }
    }
}

extension String {
    /// Turns `5.` and `5.e3` into `5.0` and `5.0e3`.
    fileprivate func replacing(point: Character, by replacement: String) -> String {
        guard let index = firstIndex(of: point) else { return self }
        let next = self.index(after: index)
        guard next == endIndex || self[next] == "e" || self[next] == "E" else { return self }
        return self[..<index] + replacement + self[next...]
    }
}
