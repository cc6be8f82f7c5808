/// The words of a GFP expression.
struct GFPToken: Hashable {
    enum Kind: Hashable {
        case name
        case number(UInt64)
        case or, and, not, open, close, end
    }

    let kind: Kind
    let text: String
    /// In characters from 1.
    let column: Int
}

extension GFPToken {
    /// Splits `expression` into words; the last is `.end`.
    static func tokens(of expression: String) throws(GFPParseError) -> [GFPToken] {
        var tokens: [GFPToken] = []
        var rest = Substring(expression)
        var column = 1
        func failure(_ reason: String) -> GFPParseError {
            GFPParseError(expression: expression, column: column, reason: reason)
        }
        while let first = rest.first {
            var text = String(first)
            if first.isWhitespace {
                rest.removeFirst()
                column += 1
                continue
            }
            let kind: Kind
            switch first {
            case "|", "&":
                if rest.dropFirst().first == first {
                    throw failure("\(first)\(first) is C's logical operator; combine flags with a single \(first)")
                }
                kind = first == "|" ? .or : .and
            case "~": kind = .not
            case "(": kind = .open
            case ")": kind = .close
            case "+", ",": throw failure("\(first) does not combine flags; use |")
            case "!": throw failure("! does not take a flag away; use & ~FLAG")
            case _ where first.isWordPart:
                text = String(rest.prefix(while: \.isWordPart))
                if first.isASCIIDigit {
                    guard let number = number(text) else { throw failure(numberProblem(text)) }
                    kind = .number(number)
                } else {
                    kind = .name
                }
            default:
                throw failure(
                    "\"\(first)\" is not part of an expression; use flag names, numbers, |, &, ~ and parentheses")
            }
            tokens.append(GFPToken(kind: kind, text: text, column: column))
            rest = rest.dropFirst(text.count)
            column += text.count
        }
        tokens.append(GFPToken(kind: .end, text: "the end", column: column))
        return tokens
    }

    private static func number(_ text: String) -> UInt64? {
        text.hasPrefix("0x") || text.hasPrefix("0X") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
    }

    private static func numberProblem(_ text: String) -> String {
        let isHexadecimal = text.hasPrefix("0x") || text.hasPrefix("0X")
        let digits = isHexadecimal ? text.dropFirst(2) : Substring(text)
        let allValid = !digits.isEmpty && digits.allSatisfy { isHexadecimal ? $0.isHexDigit : $0.isASCIIDigit }
        return allValid
            ? "\(text) is too large for a mask of 64 bits"
            : "\(text) is not a number; write hexadecimal with 0x in front, such as 0xcc0"
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
    fileprivate var isWordPart: Bool { self == "_" || (isASCII && (isLetter || isNumber)) }
}
