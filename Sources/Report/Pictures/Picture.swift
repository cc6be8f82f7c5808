import SourceText

/// What all pictures share: plain SVG, without scripts or references, in colours that a text of any shade can hold, with
/// a title and a description for who does not see it.
struct Picture {
    static let width = 960
    var height: Int
    var title: String
    /// The same in words.
    var description: String
    var content: Markup

    var svg: String {
        let picture: Markup = """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.width)" height="\(height)" \
            viewBox="0 0 \(Self.width) \(height)" role="img" aria-labelledby="title desc" \
            font-family="DejaVu Sans, Helvetica, Arial, sans-serif" font-size="12">
            <title id="title">\(title)</title>
            <desc id="desc">\(description)</desc>
            <rect width="\(Self.width)" height="\(height)" fill="#ffffff"/>
            <text x="20" y="26" font-size="16" font-weight="bold" fill="#1a1a1a">\(title)</text>

            """
        return (picture + content + "</svg>\n").source
    }

    /// - `anchor`: Where the text begins, is centred or ends: SVG's own words.
    static func text(_ text: String, x: Int, y: Int, anchor: String = "start", fill: String = "#404040") -> Markup {
        "<text x=\"\(x)\" y=\"\(y)\" text-anchor=\"\(anchor)\" fill=\"\(fill)\">\(text)</text>\n"
    }

    static func line(_ from: (x: Int, y: Int), _ to: (x: Int, y: Int), stroke: String, dashes: String = "") -> Markup {
        "<line x1=\"\(from.x)\" y1=\"\(from.y)\" x2=\"\(to.x)\" y2=\"\(to.y)\" stroke=\"\(stroke)\" "
            + "stroke-dasharray=\"\(dashes)\"/>\n"
    }

    static func box(x: Int, y: Int, width: Int, height: Int, fill: String) -> Markup {
        width > 0 && height > 0
            ? "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\" fill=\"\(fill)\"/>\n" : ""
    }

    /// The colours of the min, low and high mark, which their names stand beside.
    static let markColors = ["#b3261e", "#9a5b00", "#1b6e3c"]
    static let markNames = ["min", "low", "high"]
}
