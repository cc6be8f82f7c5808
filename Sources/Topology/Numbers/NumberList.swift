/// Numbers in the kernel's list format, `0-15,32-47` (`bitmap_parselist`, lib/bitmap-str.c), in which sysfs lists CPUs
/// and nodes.
public enum NumberList {
    /// Why a text is not a list.
    public struct Invalid: Error, Hashable, Sendable, CustomStringConvertible {
        public var description: String
        /// The part of the text that is not a number or range.
        public var part: String
    }

    /// Reads a list; an empty text is an empty list.
    ///
    /// - Parameters:
    ///   - text: The list.
    ///   - limit: Numbers must be below it, which bounds how many a text can ask for.
    /// - Returns: The numbers, ascending, each once.
    /// - Throws: ``Invalid`` for anything but numbers and ranges separated by commas.
    public static func parse(_ text: some StringProtocol, below limit: Int) throws(Invalid) -> [Int] {
        var numbers: Set<Int> = []
        for range in try ranges(text) {
            guard range.upperBound < limit else {
                throw Invalid(
                    description: "\(range.upperBound) is too large: the highest possible number is \(limit - 1)",
                    part: range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)")
            }
            numbers.formUnion(range)
        }
        return numbers.sorted()
    }

    /// Reads a list range by range, without expanding or sorting it; a single number is a range of one.
    public static func ranges(_ text: some StringProtocol) throws(Invalid) -> [ClosedRange<Int>] {
        var ranges: [ClosedRange<Int>] = []
        if text.allSatisfy(\.isWhitespace) { return [] }
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { end in
                let trimmed = end.drop(while: \.isWhitespace)
                let digits = trimmed.prefix { $0.isASCII && $0.isNumber }
                return trimmed.dropFirst(digits.count).allSatisfy(\.isWhitespace) ? Int(digits) : nil
            }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2 else {
                let place = part.count < text.count ? " in \"\(text)\"" : ""
                throw Invalid(
                    description: "\"\(part)\"\(place) is not a number or range: write 0-15,32-47", part: String(part))
            }
            guard first <= last else {
                throw Invalid(
                    description: "the range \(part) runs backwards: write \(last)-\(first)", part: String(part))
            }
            ranges.append(first...last)
        }
        return ranges
    }

    /// Writes numbers as a list. Runs, each number one above the one before, are written as ranges; the order is kept, so
    /// that a list as the kernel writes it needs ascending numbers.
    public static func format(_ numbers: [Int]) -> String { parts(numbers).joined(separator: ",") }

    /// The parts of such a list, as in `0-3` and `6`.
    package static func parts(_ numbers: [Int]) -> [String] {
        var parts: [String] = []
        var index = numbers.startIndex
        while index < numbers.endIndex {
            var end = index
            while end + 1 < numbers.endIndex, numbers[end + 1] == numbers[end] + 1 { end += 1 }
            parts.append(end == index ? "\(numbers[index])" : "\(numbers[index])-\(numbers[end])")
            index = end + 1
        }
        return parts
    }
}
