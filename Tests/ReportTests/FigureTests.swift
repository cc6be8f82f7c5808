import Testing

@testable import Report

@Suite struct FigureTests {
    @Test(
        arguments: [
            (0, "0 B"), (1, "1 B"), (1023, "1023 B"), (1024, "1 KiB"), (1536, "1.5 KiB"), (4096, "4 KiB"),
            (16_379_904, "15.6 MiB"), (1 << 30, "1 GiB"), (1 << 46, "64 TiB"), ((1 << 40) - 1, "1023 GiB"),
            ((1 << 21) - 1, "2 MiB"),
        ])
    func `amounts are said in the largest unit that leaves at least 1`(_ bytes: Int, _ text: String) {
        #expect(MemoryAmount.text(bytes: bytes) == text)
    }

    @Test func `columns are as wide as their widest cell, and no line ends in blanks`() {
        var table = TextTable([.right("node"), .left("zone"), .right("free")])
        table.add(["0", "Normal", "7"])
        table.add(["10", "", ""])
        #expect(table.text(.plain) == "  node  zone    free\n     0  Normal     7\n    10\n")
        var escaped = TextTable([.left(""), .right("")])
        escaped.add([.init("x", .bad), "yy"])
        #expect(escaped.text(TextStyle(usesColor: true)) == "  \u{1B}[31mx\u{1B}[0m  yy\n")
    }

    @Test func `running text is broken at blanks and keeps its indent`() {
        let style = TextStyle(width: 12)
        #expect(style.wrap("one two three four", indent: 2, hanging: 2) == "  one two\n    three\n    four\n")
        #expect(style.wrap("unbreakablelongword x") == "unbreakablelongword\nx\n")
    }
}
