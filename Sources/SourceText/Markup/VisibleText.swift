/// Text from outside, made safe to display.
///
/// Names of tasks and machines, masks, keys, zone words and file names come from logs, descriptions and traces that
/// anybody can write. Some characters make a terminal or a browser act instead of displaying them: control characters
/// (C0, DEL, C1), which move the cursor and set titles and colours; format characters, which change the direction of
/// writing or are invisible; and noncharacters, which make XML ill-formed. Each is written as its number here, so that
/// it is visible and does nothing.
package enum VisibleText {
    /// The text with every such character written in the form `\u{1B}`. Line ends and tabs stay.
    package static func of(_ text: String) -> String { of(text, keeping: []) }

    /// - Parameters:
    ///   - text: The text from outside.
    ///   - sequences: The sequences after an ESC that are left unchanged: the program's own colours.
    package static func of(_ text: String, keeping sequences: [String]) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 && $0 != 0x0A && $0 != 0x09 || $0 >= 0x7F }) else { return text }
        var result = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            if scalar == "\u{1B}", let sequence = sequences.first(where: { rest.starts(with: $0.unicodeScalars) }) {
                result.append(scalar)
                result.append(contentsOf: sequence.unicodeScalars)
                rest.removeFirst(sequence.unicodeScalars.count)
            } else if isActive(scalar), scalar != "\n", scalar != "\t" {
                result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}".unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// Whether a character does something instead of being displayed.
    static func isActive(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x7F else { return scalar.value < 0x20 }
        // Both joiners occur in ordinary words and signs.
        if scalar.value == 0x200C || scalar.value == 0x200D { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return scalar.properties.isNoncharacterCodePoint
        }
    }
}
