/// How loggers write a date, in bytes: the one place that knows, for whoever takes such a prefix off a line.
public enum DateWords {
    /// `Jan` to `Dec`.
    @inlinable
    public static func isMonth(_ word: ArraySlice<UInt8>) -> Bool {
        guard word.count == 3 else { return false }
        let start = word.startIndex
        let letters = UInt32(word[start]) << 16 | UInt32(word[start + 1]) << 8 | UInt32(word[start + 2])
        switch letters {
        case 0x4A616E, 0x466562, 0x4D6172, 0x417072, 0x4D6179, 0x4A756E, 0x4A756C, 0x417567, 0x536570, 0x4F6374,
            0x4E6F76,
            0x446563:
            return true
        default: return false
        }
    }

    /// `00:00:22`, with or without a fraction.
    @inlinable
    public static func isClock(_ word: ArraySlice<UInt8>) -> Bool {
        let start = word.startIndex
        return word.count >= 8 && isDigit(word[start]) && word[start + 2] == 0x3A && word[start + 5] == 0x3A
    }

    /// `2026-03-02T00:00:22`, with or without a fraction and a zone.
    @inlinable
    public static func isISODate(_ word: ArraySlice<UInt8>) -> Bool {
        let start = word.startIndex
        guard word.count >= 19, word[start + 4] == 0x2D, word[start + 7] == 0x2D, word[start + 10] == 0x54 else {
            return false
        }
        return word[start + 13] == 0x3A && isDigit(word[start]) && isDigit(word[start + 1]) && isDigit(word[start + 2])
            && isDigit(word[start + 3])
    }

    @inlinable
    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}
