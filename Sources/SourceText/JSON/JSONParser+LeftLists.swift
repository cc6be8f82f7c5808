extension JSONParser {
    /// The number of bytes from which a list is left in the text: shorter ones cost little as values.
    static let smallestLeft = 64

    /// The end of the list that begins here if it contains nothing but numbers, short words and lists of these; nil if
    /// it contains anything else, or no list begins here. Its content is not checked further.
    func endOfPlainList() -> Int? {
        guard at < bytes.count, bytes[at] == UInt8(ascii: "[") else { return nil }
        var index = at
        var depth = 0
        while index < bytes.count {
            switch bytes[index] {
            case 0x30...0x39, UInt8(ascii: ","), 0x20, 0x0A, 0x0D, 0x09, UInt8(ascii: "-"), 0x61...0x7A: break
            case UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return index + 1 }
            case UInt8(ascii: "\""):
                repeat { index += 1 } while index < bytes.count && Self.isLetter(bytes[index])
                guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { return nil }
            default: return nil
            }
            index += 1
        }
        return nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
