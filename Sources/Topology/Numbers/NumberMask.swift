/// Sets of numbers as the kernel writes their bitmaps: hexadecimal words of 32 bits, the highest first, with commas between
/// (`bitmap_string` of lib/vsprintf.c).
public enum NumberMask {
    /// Writes numbers, none of them negative, as a mask.
    ///
    /// - Parameters:
    ///   - numbers: The numbers, in any order. Without any, the mask is one word of zeros.
    ///   - prefix: What stands in front of each word, as `0x` in hwloc's form.
    public static func format(_ numbers: [Int], prefix: String = "") -> String {
        var words = [UInt32](repeating: 0, count: (numbers.max() ?? 0) / UInt32.bitWidth + 1)
        for number in numbers { words[number / UInt32.bitWidth] |= 1 << UInt32(number % UInt32.bitWidth) }
        return words.reversed().map { word in
            let digits = String(word, radix: 16)
            return prefix + String(repeating: "0", count: 8 - digits.count) + digits
        }.joined(separator: ",")
    }
}
