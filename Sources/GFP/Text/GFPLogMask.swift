/// A mask with the words around it that a kernel's log or a trace gives it: `mode:0x40cc0(GFP_KERNEL|__GFP_COMP)`,
/// `gfp_mask=0x201da, order=0`, `gfp_flags=GFP_KERNEL`.
struct GFPLogMask: Hashable {
    /// The number, if the text has one.
    var number: UInt64?
    /// What is in the parentheses after the number, or in its place.
    var names: String?

    private static let labels = ["gfp_mask=", "gfp_flags=", "gfp_mask:", "mode:", "gfp="]

    /// Nil for text that does not look like a log's; it is read as an expression then.
    init?(_ text: String) {
        var rest = Substring(text).drop(while: \.isWhitespace)
        let label = Self.labels.lazy.compactMap { rest.range(of: $0) }.first
        if let label { rest = rest[label.upperBound...] }
        let word = rest.prefix { $0 != "," && !$0.isWhitespace }
        let digits = word.prefix { $0 != "(" }
        number = Self.number(digits)
        if number == nil {
            guard label != nil, !word.isEmpty else { return nil }
            names = String(word)
        } else if digits.count < word.count {
            guard word.last == ")" else { return nil }
            names = String(word[digits.endIndex...].dropFirst().dropLast())
        } else if label == nil {
            // A number alone; with anything after it, it is an expression.
            guard rest[word.endIndex...].allSatisfy(\.isWhitespace) else { return nil }
        }
    }

    private static func number(_ digits: Substring) -> UInt64? {
        guard digits.hasPrefix("0x") || digits.hasPrefix("0X") else { return nil }
        return UInt64(digits.dropFirst(2), radix: 16)
    }

    /// The flags that the mask stands for in `layout`.
    ///
    /// - Throws: ``GFPParseError`` if a part of it means nothing there, or the two parts mean different things.
    func flags(_ text: String, in layout: GFPLayout) throws(GFPParseError) -> GFPFlags {
        var byNumber: GFPFlags?
        if let number {
            let hexadecimal = "0x" + String(number, radix: 16)
            var expression = try GFPExpression(hexadecimal, layout: layout)
            byNumber = try expression.evaluate()
        }
        guard let names else { return byNumber ?? [] }
        var expression = try GFPExpression(names.isEmpty ? "0" : names, layout: layout)
        let byName = try expression.evaluate()
        if let byNumber, byNumber != byName {
            throw GFPParseError(
                expression: text, column: 1,
                reason: "the number is \(layout.describe(byNumber)) in this layout (\(layout.source)), not \(names)")
        }
        return byName
    }
}

extension Substring {
    /// Where `text` first occurs.
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
