/// A piece of HTML or SVG that is safe by construction: the markup is the program's own, and everything put into it is
/// text.
///
/// A literal is markup. Anything interpolated is escaped so that it stands for itself, both between tags and in an
/// attribute's double quotes; only another piece of markup is inserted unchanged.
///
/// ```swift
/// let name = "<b>&\u{1B}"
/// let cell: Markup = "<td title=\"\(name)\">\(name)</td>"
/// print(cell.source)  // <td title="&lt;b&gt;&amp;\u{1B}">&lt;b&gt;&amp;\u{1B}</td>
/// ```
package struct Markup: Hashable, Sendable {
    /// The markup as text, to be written to a file.
    package private(set) var source: String

    private init(source: String) { self.source = source }

    /// Escapes any text.
    package init(text: String) { source = Self.escaped(text) }

    package static func + (left: Markup, right: Markup) -> Markup { Markup(source: left.source + right.source) }

    package static func += (left: inout Markup, right: Markup) { left.source += right.source }

    private static func escaped(_ text: String) -> String {
        var result = ""
        // By scalars, because a character may be a markup sign with a combining mark.
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

    /// Escapes what is interpolated.
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
    /// All pieces, one after another.
    package func joined() -> Markup { reduce(into: "") { $0 += $1 } }
}
