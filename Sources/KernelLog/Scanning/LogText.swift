/// A piece of a log line as bytes: logs are untrusted, often not UTF-8, and too many for `Character`s.
struct LogText {
    var bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

    var isEmpty: Bool { bytes.isEmpty }

    /// Invalid UTF-8 becomes U+FFFD.
    var string: String { String(decoding: bytes, as: UTF8.self) }

    // MARK: Looking

    func starts(with text: StaticString) -> Bool {
        guard bytes.count >= text.utf8CodeUnitCount else { return false }
        return matches(text, at: bytes.startIndex)
    }

    func ends(with text: StaticString) -> Bool {
        guard bytes.count >= text.utf8CodeUnitCount else { return false }
        return matches(text, at: bytes.endIndex - text.utf8CodeUnitCount)
    }

    func contains(_ text: StaticString) -> Bool { firstRange(of: text) != nil }

    func firstRange(of text: StaticString, from start: Int? = nil) -> Range<Int>? {
        let length = text.utf8CodeUnitCount
        guard length > 0, bytes.count >= length else { return nil }
        var index = max(start ?? bytes.startIndex, bytes.startIndex)
        let last = bytes.endIndex - length
        let first = text.utf8Start[0]
        while index <= last {
            guard let next = bytes[index...last].firstIndex(of: first) else { return nil }
            if matches(text, at: next) { return next..<next + length }
            index = next + 1
        }
        return nil
    }

    private func matches(_ text: StaticString, at index: Int) -> Bool {
        text.withUTF8Buffer { pattern in
            for offset in pattern.indices where bytes[index + offset] != pattern[offset] { return false }
            return true
        }
    }

    // MARK: Cutting

    func dropping(_ count: Int) -> LogText { LogText(bytes.dropFirst(count)) }

    /// What follows the first occurrence of `text`; nil if there is none.
    func after(_ text: StaticString) -> LogText? {
        firstRange(of: text).map { LogText(bytes[$0.upperBound...]) }
    }

    /// What precedes the first occurrence of `text`; nil if there is none.
    func before(_ text: StaticString) -> LogText? {
        firstRange(of: text).map { LogText(bytes[..<$0.lowerBound]) }
    }

    /// Everything up to the first of `stops`, or to the end.
    func prefix(until stops: UInt8...) -> LogText {
        LogText(bytes.prefix { !stops.contains($0) })
    }

    var trimmed: LogText {
        let slice = bytes.drop(while: \.isBlank)
        var end = slice.endIndex
        while end > slice.startIndex, slice[end - 1].isBlank { end -= 1 }
        return LogText(slice[..<end])
    }

    /// The pieces between blanks.
    var words: [LogText] { bytes.split(whereSeparator: \.isBlank).map { LogText($0) } }

    /// The first piece between blanks.
    var firstWord: LogText { LogText(bytes.drop(while: \.isBlank).prefix { !$0.isBlank }) }

    // MARK: Numbers

    /// The decimal number that the text is, as a whole; nil if it is none or too large.
    var integer: Int? {
        guard let (value, rest) = leadingInteger, rest.isEmpty else { return nil }
        return value
    }

    /// A decimal number, perhaps negative, at the beginning, and what follows it.
    var leadingInteger: (value: Int, rest: LogText)? {
        let isNegative = bytes.first == UInt8(ascii: "-")
        let digits = isNegative ? bytes.dropFirst() : bytes
        var value = 0
        var index = digits.startIndex
        while index < digits.endIndex, digits[index].isDigit {
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflows) = product.addingReportingOverflow(Int(digits[index] &- UInt8(ascii: "0")))
            guard !isTooLarge, !overflows else { return nil }
            value = sum
            index += 1
        }
        guard index > digits.startIndex else { return nil }
        return (isNegative ? -value : value, LogText(bytes[index...]))
    }

    /// The hexadecimal number at the beginning, with or without `0x`; nil if there is none or it is too large.
    var leadingHexadecimal: UInt64? {
        let digits = (starts(with: "0x") ? bytes.dropFirst(2) : bytes).prefix(while: \.isHexDigit)
        guard !digits.isEmpty else { return nil }
        return UInt64(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}

extension UInt8 {
    var isBlank: Bool { self == 0x20 || self == 0x09 }
    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
    var isHexDigit: Bool {
        isDigit || (self | 0x20) >= UInt8(ascii: "a") && (self | 0x20) <= UInt8(ascii: "f")
    }
    var isLetter: Bool { (self | 0x20) >= UInt8(ascii: "a") && (self | 0x20) <= UInt8(ascii: "z") }
}
