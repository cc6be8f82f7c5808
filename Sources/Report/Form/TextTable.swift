import SourceText

/// A table in columns as wide as their widest cell.
struct TextTable {
    struct Cell: ExpressibleByStringInterpolation {
        var text: String
        var role: TextStyle.Role

        init(_ text: some CustomStringConvertible, _ role: TextStyle.Role = .plain) {
            self.text = VisibleText.of(text.description)
            self.role = role
        }

        init(stringLiteral value: String) { self.init(value) }
    }

    enum Alignment {
        case left, right
    }

    struct Column {
        var title: String
        var alignment: Alignment

        static func left(_ title: String) -> Self { Self(title: title, alignment: .left) }
        static func right(_ title: String) -> Self { Self(title: title, alignment: .right) }
    }

    let columns: [Column]
    private(set) var rows: [[Cell]] = []

    init(_ columns: [Column]) { self.columns = columns }

    /// Appends a row, which may have fewer cells than there are columns.
    mutating func add(_ cells: [Cell]) { rows.append(Array(cells.prefix(columns.count))) }

    /// The table with its titles first, and two spaces before each line and between columns.
    func text(_ style: TextStyle) -> String {
        let titles = columns.map { Cell($0.title, .quiet) }
        let hasTitles = columns.contains { !$0.title.isEmpty }
        let all = (hasTitles ? [titles] : []) + rows
        let widths = columns.indices.map { column in
            all.map { column < $0.count ? $0[column].text.count : 0 }.max() ?? 0
        }
        return all.map { line($0, widths, style) }.joined()
    }

    private func line(_ cells: [Cell], _ widths: [Int], _ style: TextStyle) -> String {
        var line = ""
        var trailing = 0
        for (column, cell) in cells.enumerated() {
            let padding = widths[column] - cell.text.count
            let before = columns[column].alignment == .right ? padding : 0
            guard !cell.text.isEmpty else {
                trailing += 2 + padding
                continue
            }
            line += String(repeating: " ", count: trailing + 2 + before) + style.apply(cell.role, cell.text)
            trailing = padding - before
        }
        return line + "\n"
    }
}
