import SourceText

/// How text is marked up on a terminal. Without colour, the words alone say everything.
public struct TextStyle: Hashable, Sendable {
    /// Whether escape sequences may be written.
    public var usesColor: Bool
    /// The number of columns for running text.
    public var width: Int

    /// Creates a style from its parts.
    public init(usesColor: Bool = false, width: Int = 96) {
        self.usesColor = usesColor
        self.width = width
    }

    /// Text without colour.
    public static let plain = TextStyle()

    /// The role of a piece of text.
    enum Role: Hashable, CaseIterable, Sendable {
        case plain, heading, quiet, good, bad, warning
    }

    func apply(_ role: Role, _ text: String) -> String {
        let text = VisibleText.of(text)
        guard usesColor, !text.isEmpty, let sequence = Self.sequence(role) else { return text }
        return "\u{1B}\(sequence)\(text)\u{1B}\(Self.endOfColor)"
    }

    private static let endOfColor = "[0m"

    private static func sequence(_ role: Role) -> String? {
        switch role {
        case .plain: nil
        case .heading: "[1m"
        case .quiet: "[2m"
        case .good: "[32m"
        case .bad: "[31m"
        case .warning: "[33m"
        }
    }

    /// The escape sequences that this style writes, without the ESC; empty if it writes none.
    public var sequences: [String] {
        usesColor ? Role.allCases.compactMap(Self.sequence) + [Self.endOfColor] : []
    }

    /// Running text broken into lines at blanks; lines after the first are indented by `hanging` more columns.
    func wrap(_ text: String, indent: Int = 0, hanging: Int = 0, role: Role = .plain) -> String {
        var lines: [String] = []
        var line = ""
        for word in VisibleText.of(text).split(separator: " ") {
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
