/// How text is set off on a terminal. Without colour, everything is said by the words alone.
public struct TextStyle: Hashable, Sendable {
    /// Whether escape sequences may be written.
    public var usesColor: Bool
    /// Columns that running text may fill.
    public var width: Int

    public init(usesColor: Bool = false, width: Int = 96) {
        self.usesColor = usesColor
        self.width = width
    }

    public static let plain = TextStyle()

    /// What a piece of text is.
    enum Role: Hashable, Sendable {
        case plain, heading, quiet, good, bad, warning
    }

    func apply(_ role: Role, _ text: String) -> String {
        guard usesColor, !text.isEmpty else { return text }
        let code: String
        switch role {
        case .plain: return text
        case .heading: code = "1"
        case .quiet: code = "2"
        case .good: code = "32"
        case .bad: code = "31"
        case .warning: code = "33"
        }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }

    /// Running text broken into lines at blanks; lines after the first are indented by `hanging` more.
    func wrap(_ text: String, indent: Int = 0, hanging: Int = 0, role: Role = .plain) -> String {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            let margin = indent + (lines.isEmpty ? 0 : hanging)
            if !line.isEmpty, margin + line.count + 1 + word.count > width {
                lines.append(line)
                line = String(word)
            } else {
                line += (line.isEmpty ? "" : " ") + word
            }
        }
        lines.append(line)
        return lines.enumerated().map { index, line in
            String(repeating: " ", count: indent + (index == 0 ? 0 : hanging)) + apply(role, line) + "\n"
        }.joined()
    }
}
