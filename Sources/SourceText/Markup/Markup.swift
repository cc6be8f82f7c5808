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
package struct Markup: Hashable, Sendable {
    /// The text to write to a file.
    package private(set) var source: String

    private init(source: String) { self.source = source }

    /// Any text, as text.
    package init(text: String) { source = Self.escaped(text) }

    package static func + (left: Markup, right: Markup) -> Markup { Markup(source: left.source + right.source) }

    package static func += (left: inout Markup, right: Markup) { left.source += right.source }

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
    package init(stringLiteral value: String) { source = value }

    package init(stringInterpolation interpolation: StringInterpolation) { source = interpolation.source }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var source = ""

        package init(literalCapacity: Int, interpolationCount: Int) { source.reserveCapacity(literalCapacity * 2) }

        package mutating func appendLiteral(_ literal: String) { source += literal }

        package mutating func appendInterpolation(_ text: String) { source += Markup.escaped(text) }

        package mutating func appendInterpolation(_ number: some BinaryInteger) { source += number.description }

        package mutating func appendInterpolation(_ markup: Markup) { source += markup.source }
    }
}

extension Sequence<Markup> {
    /// All pieces, one after the other.
    package func joined() -> Markup { reduce(into: "") { $0 += $1 } }
}
