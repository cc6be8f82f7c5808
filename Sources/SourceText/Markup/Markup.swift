/// A piece of HTML or SVG, safe by construction: the markup is the program's own, and whatever is put into it is text.
///
/// What is in a literal is markup. What is interpolated is written so that it means nothing but itself, between tags
/// as in an attribute's double quotes; only another piece of markup goes in as it is.
///
/// ```swift
/// let name = "<b>&\u{1B}"
/// let cell: Markup = "<td title=\"\(name)\">\(name)</td>"
/// print(cell.source)  // <td title="&lt;b&gt;&amp;\u{1B}">&lt;b&gt;&amp;\u{1B}</td>
/// ```
public struct Markup: Hashable, Sendable {
    /// The text to write to a file.
    public private(set) var source: String

    private init(source: String) { self.source = source }

    /// Any text, as text.
    public init(text: String) { source = Self.escaped(text) }

    public static func + (left: Markup, right: Markup) -> Markup { Markup(source: left.source + right.source) }

    public static func += (left: inout Markup, right: Markup) { left.source += right.source }

    private static func escaped(_ text: String) -> String {
        var result = ""
        // By scalars: a character may be a markup sign with a combining mark.
        for scalar in VisibleText.of(text).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension Markup: ExpressibleByStringInterpolation {
    public init(stringLiteral value: String) { source = value }

    public init(stringInterpolation interpolation: StringInterpolation) { source = interpolation.source }

    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var source = ""

        public init(literalCapacity: Int, interpolationCount: Int) { source.reserveCapacity(literalCapacity * 2) }

        public mutating func appendLiteral(_ literal: String) { source += literal }

        public mutating func appendInterpolation(_ text: String) { source += Markup.escaped(text) }

        public mutating func appendInterpolation(_ number: some BinaryInteger) { source += number.description }

        public mutating func appendInterpolation(_ markup: Markup) { source += markup.source }
    }
}

extension Sequence<Markup> {
    /// All pieces, one after the other.
    public func joined() -> Markup { reduce(into: "") { $0 += $1 } }
}
