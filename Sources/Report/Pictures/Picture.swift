import SourceText

/// What all pictures share: plain SVG without scripts or references, with a title and a description for people who
/// cannot see it.
struct Picture {
    static let width = 960
    var height: Int
    var title: String
    /// The contents of the picture in words.
    var description: String
    var content: Markup
    /// A name that is unique in a page with several pictures; empty: there is only one.
    var name = ""

    /// The picture as a file of its own.
    var svg: String { document(style: "<style>\(Markup(text: PictureColour.darkRules))</style>\n").source }

    /// The picture as part of a page whose style sheet contains ``PictureColour/darkRules``.
    var markup: Markup { document(style: "") }

    private func document(style: Markup) -> Markup {
        let head: Markup = """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.width)" height="\(height)" \
            viewBox="0 0 \(Self.width) \(height)" class="picture" role="img" aria-labelledby="title\(name) desc\(name)" \
            font-family="DejaVu Sans, Helvetica, Arial, sans-serif" font-size="12">
            <title id="title\(name)">\(title)</title>
            <desc id="desc\(name)">\(description)</desc>

            """
        return head + style + Self.box(x: 0, y: 0, width: Self.width, height: height, .ground)
            + Self.text(Self.cut(title, to: 84), x: 20, y: 26, size: 16, isBold: true, .ink) + content + "</svg>\n"
    }

    /// A text element.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - x: The horizontal position of its anchor, in pixels.
    ///   - y: The position of its baseline, in pixels.
    ///   - anchor: SVG's `text-anchor`: `start`, `middle` or `end`.
    ///   - size: The font size, in pixels.
    ///   - isBold: Whether it is bold.
    ///   - colour: Its colour.
    static func text(
        _ text: String, x: Int, y: Int, anchor: Markup = "start", size: Int = 12, isBold: Bool = false,
        _ colour: PictureColour = .quiet
    ) -> Markup {
        let weight: Markup = isBold ? " font-weight=\"bold\"" : ""
        let letters: Markup = size == 12 ? "" : " font-size=\"\(size)\""
        return "<text x=\"\(x)\" y=\"\(y)\" text-anchor=\"\(anchor)\"\(letters)\(weight) "
            + "class=\"f-\(colour.rawValue)\" fill=\"\(colour.light)\">\(text)</text>\n"
    }

    /// A text with names from outside, cut to the width of the picture.
    static func cut(_ text: String, to letters: Int) -> String {
        let text = VisibleText.of(text)
        return text.count <= letters ? text : text.prefix(letters - 1) + "…"
    }

    static func line(
        _ from: (x: Int, y: Int), _ to: (x: Int, y: Int), _ colour: PictureColour, width: Int = 1, dashes: Markup = ""
    ) -> Markup {
        let pattern: Markup = dashes == "" ? "" : " stroke-dasharray=\"\(dashes)\""
        return "<line x1=\"\(from.x)\" y1=\"\(from.y)\" x2=\"\(to.x)\" y2=\"\(to.y)\" stroke-width=\"\(width)\" "
            + "class=\"s-\(colour.rawValue)\" stroke=\"\(colour.light)\"\(pattern)/>\n"
    }

    /// A rectangle, or nothing if it has no area. Browsers show `words` when the pointer is over it.
    static func box(
        x: Int, y: Int, width: Int, height: Int, _ colour: PictureColour, words: String = ""
    ) -> Markup {
        guard width > 0, height > 0 else { return "" }
        let title: Markup = words.isEmpty ? "" : "<title>\(words)</title>"
        return "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\" class=\"f-\(colour.rawValue)\" "
            + "fill=\"\(colour.light)\">\(title)</rect>\n"
    }

    static func curve(_ points: [(x: Int, y: Int)], _ colour: PictureColour, dashes: Markup = "") -> Markup {
        let places = points.map { "\($0.x),\($0.y)" }.joined(separator: " ")
        let pattern: Markup = dashes == "" ? "" : " stroke-dasharray=\"\(dashes)\""
        return "<polyline points=\"\(places)\" fill=\"none\" class=\"s-\(colour.rawValue)\" "
            + "stroke=\"\(colour.light)\"\(pattern)/>\n"
    }

    /// The names and colours of the marks.
    static let marks: [(name: String, colour: PictureColour)] = [("min", .min), ("low", .low), ("high", .high)]

    /// The positions of labels that would be at `wanted`, moved so that no two are closer than `distance`, from the
    /// lowest on the page upwards, or from the right to the left.
    ///
    /// - Parameters:
    ///   - wanted: The wanted positions.
    ///   - distance: The smallest distance between two labels.
    ///   - least: The smallest position, also where there is no more room.
    static func spread(_ wanted: [Int], by distance: Int, from least: Int = .min) -> [Int] {
        var places = wanted
        var free = Int.max
        for index in wanted.indices.sorted(by: { (wanted[$0], -$0) > (wanted[$1], -$1) }) {
            places[index] = min(wanted[index], free)
            free = places[index] - distance
        }
        guard var next = least == .min ? nil : Optional(least) else { return places }
        for index in wanted.indices.sorted(by: { (wanted[$0], $0) < (wanted[$1], $1) }) {
            places[index] = max(places[index], next)
            next = places[index] + distance
        }
        return places
    }
}
