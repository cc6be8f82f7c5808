/// A piece of a log line as bytes: logs are untrusted, often not UTF-8, and too large for `Character`s.
struct LogText {
    var bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

    var isEmpty: Bool { bytes.isEmpty }

    /// The text; invalid UTF-8 becomes U+FFFD.
    var string: String { String(decoding: bytes, as: UTF8.self) }

    // MARK: Looking

    /// - Precondition: The text has more than `offset` bytes.
    func byte(_ offset: Int) -> UInt8 { bytes[bytes.startIndex + offset] }

    func starts(with text: StaticString) -> Bool {
        guard bytes.count >= text.utf8CodeUnitCount else { return false }
        return bytes.withUnsafeBufferPointer { Self.matches(text, $0, at: 0) }
    }

    func ends(with text: StaticString) -> Bool {
        guard bytes.count >= text.utf8CodeUnitCount else { return false }
        return bytes.withUnsafeBufferPointer { Self.matches(text, $0, at: $0.count - text.utf8CodeUnitCount) }
    }

    func contains(_ text: StaticString) -> Bool { firstRange(of: text) != nil }

    func firstRange(of text: StaticString) -> Range<Int>? {
        let length = text.utf8CodeUnitCount
        guard length > 0, bytes.count >= length else { return nil }
        let offset = bytes.withUnsafeBufferPointer { own -> Int? in
            let first = text.utf8Start[0]
            for offset in 0...(own.count &- length) where own[offset] == first && Self.matches(text, own, at: offset) {
                return offset
            }
            return nil
        }
        return offset.map { bytes.startIndex + $0..<bytes.startIndex + $0 + length }
    }

    /// - Precondition: From `offset` on, `own` has at least as many bytes as `text`.
    @inline(__always)
    private static func matches(_ text: StaticString, _ own: UnsafeBufferPointer<UInt8>, at offset: Int) -> Bool {
        let pattern = text.utf8Start
        for index in 0..<text.utf8CodeUnitCount where own[offset &+ index] != pattern[index] { return false }
        return true
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
        let part = bytes.withUnsafeBufferPointer { own in
            var start = 0
            var end = own.count
            while start < end, own[start].isBlank { start &+= 1 }
            while end > start, own[end &- 1].isBlank { end &-= 1 }
            return start..<end
        }
        return LogText(bytes[bytes.startIndex + part.lowerBound..<bytes.startIndex + part.upperBound])
    }

    /// The words, which blanks separate.
    var words: [LogText] {
        var words: [LogText] = []
        var rest = Words(self)
        while let word = rest.next() { words.append(word) }
        return words
    }

    /// ``words``, one by one: for frequent lines of which only a few words are needed.
    struct Words: IteratorProtocol, Sequence {
        private var rest: ArraySlice<UInt8>

        init(_ text: LogText) { rest = text.bytes }

        mutating func next() -> LogText? {
            let (start, length) = rest.withUnsafeBufferPointer { bytes in
                var start = 0
                while start < bytes.count, bytes[start].isBlank { start &+= 1 }
                var end = start
                while end < bytes.count, !bytes[end].isBlank { end &+= 1 }
                return (start, end &- start)
            }
            guard length > 0 else { return nil }
            let first = rest.startIndex + start
            let word = rest[first..<first + length]
            rest = rest[(first + length)...]
            return LogText(word)
        }
    }

    /// How many ``words`` there are.
    var wordCount: Int {
        bytes.withUnsafeBufferPointer { bytes in
            var count = 0
            var isWithin = false
            for byte in bytes {
                if !byte.isBlank, !isWithin { count &+= 1 }
                isWithin = !byte.isBlank
            }
            return count
        }
    }

    /// The first of ``words``.
    var firstWord: LogText { LogText(bytes.drop(while: \.isBlank).prefix { !$0.isBlank }) }

    // MARK: Numbers

    /// The decimal number that the whole text is; nil if it is not a number or too large.
    var integer: Int? {
        guard let (value, length) = leadingDigits, length == bytes.count else { return nil }
        return value
    }

    /// A decimal number, possibly negative, at the beginning, and what follows it.
    var leadingInteger: (value: Int, rest: LogText)? {
        guard let (value, length) = leadingDigits else { return nil }
        return (value, dropping(length))
    }

    /// A decimal number, possibly negative, at the beginning, and its length in bytes.
    private var leadingDigits: (value: Int, length: Int)? {
        bytes.withUnsafeBufferPointer { bytes in
            let isNegative = bytes.first == UInt8(ascii: "-")
            let start = isNegative ? 1 : 0
            var value = 0
            var index = start
            while index < bytes.count, bytes[index].isDigit {
                let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
                let (sum, overflows) = product.addingReportingOverflow(Int(bytes[index] &- UInt8(ascii: "0")))
                guard !isTooLarge, !overflows else { return nil }
                value = sum
                index &+= 1
            }
            return index > start ? (isNegative ? -value : value, index) : nil
        }
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
