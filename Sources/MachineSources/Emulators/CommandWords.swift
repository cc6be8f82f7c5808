/// A command line split as a shell does it: quotes, backslashes, and continued lines.
enum CommandWords {
    static func split(_ text: some StringProtocol) -> [String] {
        var words: [String] = []
        var word = ""
        var isOpen = false
        var quote: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                if !character.isNewline { word.append(character) }
                isEscaped = false
                isOpen = isOpen || !character.isNewline
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if character == open { quote = nil } else { word.append(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                isOpen = true
            } else if character.isWhitespace {
                if isOpen { words.append(word) }
                word = ""
                isOpen = false
            } else {
                word.append(character)
                isOpen = true
            }
        }
        if isOpen { words.append(word) }
        return words
    }

    /// Reads `node,nodeid=0,cpus=0-3`: the parts in order; a name without value is its own value. An option may also be
    /// JSON, `{"qom-type": "memory-backend-ram", "size": 1024}`, whose quotes a shell may have removed.
    static func members(_ text: String) -> [(name: String, value: String)] {
        if text.hasPrefix("{") {
            return text.split(whereSeparator: { "{},".contains($0) }).map { part in
                let ends = part.split(separator: ":", maxSplits: 1).map { end in
                    end.split(whereSeparator: { " \"'".contains($0) }).joined(separator: " ")
                }
                return (ends.first ?? "", ends.count > 1 ? ends[1] : "")
            }
        }
        return text.split(separator: ",").map { part in
            let ends = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(ends[0]), ends.count > 1 ? String(ends[1]) : "")
        }
    }

    /// The value of the first member of a name; nil: there is none.
    static func value(_ name: String, of members: [(name: String, value: String)]) -> String? {
        members.first { $0.name == name }?.value
    }

    /// Reads a size with a unit that is a power of 1024; without one, in multiples of `unit` bytes. Nil for anything
    /// else.
    static func bytes(_ text: String, unit: UInt64) -> UInt64? {
        let digits = text.prefix { $0.isNumber || $0 == "." }
        let letters = text.dropFirst(digits.count).lowercased()
        let shifts: [String: UInt64] = [
            "": 0, "b": 0, "k": 10, "kb": 10, "kib": 10, "m": 20, "mb": 20, "mib": 20, "g": 30, "gb": 30, "gib": 30,
            "t": 40, "tb": 40, "tib": 40,
        ]
        guard let shift = shifts[letters] else { return nil }
        let factor = letters.isEmpty ? unit : 1 << shift
        // QEMU takes 1.5G.
        guard let number = UInt64(digits) else {
            guard let part = Double(digits), part >= 0, part * Double(factor) < Double(UInt64(1) << 62) else {
                return nil
            }
            return UInt64((part * Double(factor)).rounded(.down))
        }
        let (bytes, overflows) = number.multipliedReportingOverflow(by: factor)
        return overflows || bytes > 1 << 62 ? nil : bytes
    }

    /// Reads `0-3` or `5`, with numbers below 2^16.
    static func range(_ text: String) -> [Int]? {
        let ends = text.split(separator: "-")
        guard let first = ends.first.flatMap({ Int($0) }), let last = ends.last.flatMap({ Int($0) }), ends.count <= 2,
            first >= 0, first <= last, last < 1 << 16
        else { return nil }
        return Array(first...last)
    }
}
