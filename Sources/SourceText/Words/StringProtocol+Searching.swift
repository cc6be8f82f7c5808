/// Searching for a text in a text, byte by byte, which is much faster than the standard library's comparison of
/// characters.
extension StringProtocol {
    /// Whether a text occurs in this one.
    package func mentions(_ text: String) -> Bool { firstRange(ofText: text) != nil }

    /// Where a text first occurs; nil if it does not, or is empty.
    package func firstRange(ofText text: String) -> Range<Index>? {
        range(of: text) { bytes, sought in
            (0...(bytes.count - sought.count)).first { bytes.matches(sought, at: $0) }
        }
    }

    /// Where a text last occurs; nil if it does not, or is empty.
    package func lastRange(ofText text: String) -> Range<Index>? {
        range(of: text) { bytes, sought in
            (0...(bytes.count - sought.count)).last { bytes.matches(sought, at: $0) }
        }
    }

    /// The text without blanks and line ends at either end.
    package var trimmed: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest = rest.dropFirst() }
        while rest.last?.isWhitespace == true { rest = rest.dropLast() }
        return String(rest)
    }

    private func range(
        of text: String, _ place: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Int?
    ) -> Range<Index>? {
        var text = text
        let offset = text.withUTF8 { sought -> Int? in
            func offset(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
                sought.isEmpty || sought.count > bytes.count ? nil : place(bytes, sought)
            }
            if let found = utf8.withContiguousStorageIfAvailable({ offset(in: $0) }) { return found }
            var copy = String(self)
            return copy.withUTF8 { offset(in: $0) }
        }
        guard let offset else { return nil }
        let start = utf8.index(startIndex, offsetBy: offset)
        return start..<utf8.index(start, offsetBy: text.utf8.count)
    }

    /// The parts between occurrences of a text.
    package func parts(separatedBy separator: String) -> [String] {
        var parts: [String] = []
        var rest = self[...]
        while let range = rest.firstRange(ofText: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// - Precondition: There are as many bytes from `place` on as `sought` has.
    fileprivate func matches(_ sought: UnsafeBufferPointer<UInt8>, at place: Int) -> Bool {
        for index in 0..<sought.count where self[place + index] != sought[index] { return false }
        return true
    }
}
