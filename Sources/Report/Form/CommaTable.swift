/// A table for spreadsheets and plots (RFC 4180): a line of titles, then a line for each row.
public struct CommaTable: Hashable, Sendable {
    private let columns: Int
    /// The table so far.
    public private(set) var text = ""

    /// Begins a table with its titles.
    public init(_ titles: [String]) {
        columns = titles.count
        add(titles)
    }

    /// Appends a row.
    ///
    /// - Parameters:
    ///   - cells: The row's cells.
    /// - Precondition: There are as many cells as titles.
    public mutating func add(_ cells: [String]) {
        precondition(cells.count == columns)
        text += cells.map(Self.quoted).joined(separator: ",") + "\n"
    }

    /// Quotes a cell where a comma, a quotation mark or a line end would break the table, and prefixes it so that no
    /// spreadsheet evaluates a text from outside as a formula.
    private static func quoted(_ cell: String) -> String {
        let isFormula = cell.first.map { "=+@".contains($0) } ?? false
        let cell = isFormula ? "'" + cell : cell
        guard cell.contains(where: { ",\"\n\r".contains($0) }) else { return cell }
        return "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
