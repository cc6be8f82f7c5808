extension JSONParser {
    /// Skips white space and comments.
    @inline(__always)
    mutating func skipSpace() throws(Failure) {
        while at < bytes.count {
            let byte = bytes[at]
            if byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
                at += 1
            } else if byte == UInt8(ascii: "/") || byte >= 0x80 || byte == 0x0B || byte == 0x0C {
                guard try skipRareSpace() else { return }
            } else {
                return
            }
        }
    }

    /// Skips a comment, or white space that plain JSON does not have; false if there is neither.
    private mutating func skipRareSpace() throws(Failure) -> Bool {
        switch bytes[at] {
        case UInt8(ascii: "/"):
            try skipComment()
        case 0x0B, 0x0C:
            at += 1
        case 0xC2 where follows(0xA0):  // U+00A0, no-break space
            at += 2
        case 0xE2 where follows(0x80, 0xA8) || follows(0x80, 0xA9):  // U+2028, U+2029
            at += 3
        case 0xEF where follows(0xBB, 0xBF):  // U+FEFF
            at += 3
        default:
            return false
        }
        return true
    }

    private mutating func skipComment() throws(Failure) {
        let start = at
        if follows(UInt8(ascii: "/")) {
            while at < bytes.count, bytes[at] != 0x0A, bytes[at] != 0x0D { at += 1 }
        } else if follows(UInt8(ascii: "*")) {
            at += 2
            while !(at + 1 < bytes.count && bytes[at] == UInt8(ascii: "*") && bytes[at + 1] == UInt8(ascii: "/")) {
                guard at < bytes.count else { throw failure("this comment is not closed by '*/'", at: start) }
                at += 1
            }
            at += 2
        } else {
            throw failure("expected a comment ('//' or '/*') after '/'")
        }
    }

    /// Whether these bytes follow the current one.
    private func follows(_ next: UInt8...) -> Bool {
        at + next.count < bytes.count && next.indices.allSatisfy { bytes[at + 1 + $0] == next[$0] }
    }

    /// Whether unquoted keys may contain a byte: letters, digits, `_`, `$`, and everything beyond ASCII.
    @inline(__always)
    static func isIdentifier(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7A, 0x41...0x5A, 0x30...0x39, UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...0xFF: true
        default: false
        }
    }
}
