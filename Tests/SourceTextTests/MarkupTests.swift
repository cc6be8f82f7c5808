import Testing

@testable import SourceText

@Suite struct MarkupTests {
    @Test func `what is interpolated is text, between tags and in attributes`() {
        let name = "</text><script a='1' b=\"2\">&\u{338}"
        let markup: Markup = "<a href=\"\(name)\">\(name)</a>\(3)"
        let shown = "&lt;/text&gt;&lt;script a=&#39;1&#39; b=&quot;2&quot;&gt;&amp;\u{338}"
        #expect(markup.source == "<a href=\"\(shown)\">\(shown)</a>3")
    }

    @Test func `markup in markup stays markup`() {
        let cells: [Markup] = ["a<", "b"].map { "<td>\($0)</td>" }
        let row: Markup = "<tr>\(cells.joined())</tr>"
        #expect(row.source == "<tr><td>a&lt;</td><td>b</td></tr>")
        #expect((row + Markup(text: "<")).source.hasSuffix("</tr>&lt;"))
    }

    @Test(arguments: [
        ("\u{1B}]0;pwned\u{7}", #"\u{1B}]0;pwned\u{7}"#), ("\u{9B}31m\u{7F}", #"\u{9B}31m\u{7F}"#),
        ("\u{202E}gpj.exe", #"\u{202E}gpj.exe"#), ("a\u{2066}b\u{2069}", #"a\u{2066}b\u{2069}"#),
        ("\r\u{2028}\u{200B}", #"\u{D}\u{2028}\u{200B}"#),
        ("Größe 内存 \u{1F469}\u{200D}\u{1F52C}\n\t", "Größe 内存 \u{1F469}\u{200D}\u{1F52C}\n\t"),
    ])
    func `what a terminal or a browser would act on is shown`(text: String, shown: String) {
        #expect(VisibleText.of(text) == shown)
        #expect(VisibleText.of(shown) == shown)
        let markup: Markup = "\(text)"
        #expect(!markup.source.unicodeScalars.contains { VisibleText.isActive($0) && $0 != "\n" && $0 != "\t" })
    }

    /// Which no literal can hold.
    static let noncharacters = [0xFFFE, 0xFDD0, 0x1FFFF].compactMap { Unicode.Scalar($0 as UInt32) }
        .reduce(into: "") { $0.unicodeScalars.append($1) }

    @Test func `noncharacters are shown: XML may not have them`() {
        #expect(VisibleText.of(Self.noncharacters) == #"\u{FFFE}\u{FDD0}\u{1FFFF}"#)
    }

    @Test func `only the colours named are kept`() {
        #expect(VisibleText.of("\u{1B}[31mred\u{1B}[8m", keeping: ["[31m"]) == "\u{1B}[31mred\\u{1B}[8m")
    }

    @Test func `JSON says the same, and nothing in it acts`() throws {
        let text = "\u{1B}]0;x\u{7}\u{9B}\u{202E}\u{E0041}\u{7F}ö\n\"\\" + Self.noncharacters
        let written = JSONValue(text).text()
        #expect(!written.unicodeScalars.contains { VisibleText.isActive($0) })
        #expect(try JSONDocument(text: written).root.string == text)
    }
}
