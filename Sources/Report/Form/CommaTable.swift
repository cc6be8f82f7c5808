/// A table for spreadsheets and plots (RFC 4180): a line of titles, then one line a row.
public struct CommaTable: Hashable, Sendable {
    private let columns: Int
    public private(set) var text = ""

    public init(_ titles: [String]) {
        columns = titles.count
        add(titles)
    }

    /// - Precondition: As many cells as there are titles.
    public mutating func add(_ cells: [String]) {
        precondition(cells.count == columns)
        text += cells.map(Self.quoted).joined(separator: ",") + "\n"
    }

    /// Quoted where a comma, a quotation mark or a line end would break the table, and so that no spreadsheet takes a text
    /// from outside for a formula.
    private static func quoted(_ cell: String) -> String {
        let isFormula = cell.first.map { "=+@".contains($0) } ?? false
        let cell = isFormula ? "'" + cell : cell
        guard cell.contains(where: { ",\"\n\r".contains($0) }) else { return cell }
        return "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
