import Topology

/// Sets of CPU or node numbers as sysfs prints them: lists such as "0-3,8" and masks such as "00000000,0000000f"
/// (lib/bitmap.c).
public enum NumberSetText {
    /// Numbers must be below this: a short list can describe a huge set.
    public static let limit = 1 << 16

    /// Reads a list; an empty text is the empty set.
    ///
    /// - Throws: ``KernelTextError`` for anything else, naming the text `name`.
    ///
    /// - Returns: The numbers, ascending.
    public static func list(parsing text: String, name: String) throws(KernelTextError) -> [Int] {
        do throws(NumberList.Invalid) {
            return try NumberList.parse(text.filter { !$0.isWhitespace && $0 != "\0" }, below: limit)
        } catch {
            throw KernelTextError(
                file: name, problem: "'\(error.part.prefix(24))' is not a number or range below \(limit), such as 0-3")
        }
    }

    /// Reads a mask: hexadecimal words of 32 bits, the highest first.
    ///
    /// - Throws: ``KernelTextError`` for anything else, naming the text `name`.
    ///
    /// - Returns: The numbers of the bits that are set, ascending.
    public static func mask(parsing text: String, name: String) throws(KernelTextError) -> [Int] {
        var numbers: [Int] = []
        let words = text.filter { !$0.isWhitespace && $0 != "\0" }.split(separator: ",")
        guard words.count <= limit / 32 else {
            throw KernelTextError(file: name, problem: "a mask of \(words.count) words; expected at most \(limit / 32)")
        }
        for (index, word) in words.reversed().enumerated() {
            guard let bits = UInt32(word, radix: 16) else {
                throw KernelTextError(
                    file: name, problem: "'\(word.prefix(24))' is not a hexadecimal word of 32 bits, such as 0000000f")
            }
            numbers += (0..<32).filter { bits >> UInt32($0) & 1 == 1 }.map { index * 32 + $0 }
        }
        return numbers
    }

    /// Reads a row of distances, `node*/distance`: one for each online node, in order.
    public static func distances(parsing text: String, name: String) throws(KernelTextError) -> [UInt8] {
        var row: [UInt8] = []
        for field in text.split(whereSeparator: \.isWhitespace) {
            guard let distance = UInt8(field) else {
                throw KernelTextError(
                    file: name, problem: "the distance '\(field.prefix(24))' is not a number from 0 to 255")
            }
            row.append(distance)
        }
        guard !row.isEmpty, row.count <= 1024 else {
            throw KernelTextError(file: name, problem: "\(row.count) distances; expected 1 to 1024")
        }
        return row
    }
}
