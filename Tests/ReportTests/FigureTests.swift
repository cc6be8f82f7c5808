import Testing

@testable import Report

@Suite struct FigureTests {
    @Test(
        "amounts are said in the largest unit that leaves at least 1",
        arguments: [
            (0, "0 B"), (1, "1 B"), (1023, "1023 B"), (1024, "1 KiB"), (1536, "1.5 KiB"), (4096, "4 KiB"),
            (16_379_904, "15.6 MiB"), (1 << 30, "1 GiB"), (1 << 46, "64 TiB"), ((1 << 40) - 1, "1023 GiB"),
            ((1 << 21) - 1, "2 MiB"),
        ])
    func amounts(_ bytes: Int, _ text: String) {
        #expect(MemoryAmount.text(bytes: bytes) == text)
    }

    @Test("columns are as wide as their widest cell, and no line ends in blanks")
    func table() {
        var table = TextTable([.right("node"), .left("zone"), .right("free")])
        table.add(["0", "Normal", "7"])
        table.add(["10", "", ""])
        #expect(table.text(.plain) == "  node  zone    free\n     0  Normal     7\n    10\n")
        var escaped = TextTable([.left(""), .right("")])
        escaped.add([.init("x", .bad), "yy"])
        #expect(escaped.text(TextStyle(usesColor: true)) == "  \u{1B}[31mx\u{1B}[0m  yy\n")
    }

    @Test("running text is broken at blanks and keeps its indent")
    func wrap() {
        let style = TextStyle(width: 12)
        #expect(style.wrap("one two three four", indent: 2, hanging: 2) == "  one two\n    three\n    four\n")
        #expect(style.wrap("unbreakablelongword x") == "unbreakablelongword\nx\n")
    }

    // A zone with 3 free pages in single blocks and one block of order 3, 11 pages in 4 blocks.
    private let blocks = [3, 0, 0, 1, 0]

    @Test("the unusable index is the part of free memory in smaller blocks")
    func unusable() {
        #expect((0..<5).map { FragmentationIndex.unusable(blocks, order: $0) } == [0, 272, 272, 272, 1000])
        #expect(FragmentationIndex.unusable([0, 0], order: 0) == 1000)
    }

    @Test("the fragmentation index is that of the kernel where a request would fail, and -1000 elsewhere")
    func fragmentation() {
        // 1000 - (1000 + 11 * 1000 / 16) / 4
        #expect(FragmentationIndex.fragmentation(blocks, order: 4) == 1000 - 1687 / 4)
        #expect(FragmentationIndex.fragmentation(blocks, order: 3) == -1000)
        #expect(FragmentationIndex.fragmentation([0, 0, 0], order: 1) == 0)
        // All in single pages: a matter of pieces. One page: a matter of memory.
        #expect(FragmentationIndex.fragmentation([4096, 0, 0, 0], order: 3) > 850)
        #expect(FragmentationIndex.fragmentation([1, 0, 0, 0], order: 3) < 0)
    }
}
