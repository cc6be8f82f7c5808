import TestSupport
import Testing

@testable import GFP

@Suite
struct GFPExpressionTests {
    @Test(
        arguments: [
            ("GFP_KERNEL|__GFP_NOWARN", [.GFP_KERNEL, .noWarn]), ("GFP_KERNEL & ~__GFP_FS", .GFP_NOFS),
            (" ( GFP_KERNEL | __GFP_COMP ) & ~(__GFP_IO|__GFP_FS) ", [.reclaim, .comp]), ("0xcc0", .GFP_KERNEL),
            ("3264", .GFP_KERNEL), ("0", []), ("none", []),
            ("GFP_USER & __GFP_HARDWALL | __GFP_DMA", [.hardWall, .dma]),
            ("~~GFP_NOIO", .reclaim), ("__GFP_RECLAIM|0x40", .GFP_NOFS), ("GFP_KERNEL|0x2000", [.GFP_KERNEL, .noWarn]),
        ] as [(String, GFPFlags)])
    func `expressions of people and kernels`(expression: String, flags: GFPFlags) throws {
        let layout = GFPLayout.layout(for: KernelVersion(6, 12))
        #expect(try GFPFlags(parsing: expression, layout: layout) == flags)
    }

    @Test func `a kernel's own text with a hexadecimal rest is read back`() throws {
        let layout = GFPLayout.layout(for: KernelVersion(6, 1))
        let flags = try GFPFlags(parsing: "GFP_KERNEL|__GFP_COMP|0x8000000", layout: layout)
        #expect(flags == [.GFP_KERNEL, .comp, .noLockdep])
    }

    @Test(
        arguments: [
            ("", "column 1: nothing here; write flags such as GFP_KERNEL|__GFP_NOWARN, or 0 for none"),
            ("GFP_KERNEL|__GFP_NOWRN", "column 12: no flag is called __GFP_NOWRN; did you mean __GFP_NOWARN?"),
            ("kernel", "column 1: no flag is called kernel; did you mean GFP_KERNEL?"),
            ("GFP_SPAGHETTI", "column 1: no flag is called GFP_SPAGHETTI"),
            (
                "GFP_KERNEL|__GFP_ATOMIC",
                "column 12: __GFP_ATOMIC is not in this layout (include/linux/gfp_types.h, 6.12); "
                    + "it exists from 4.4 to before 6.3"
            ),
            ("GFP_KERNEL|", "column 12: a flag, a number, ~ or ( is missing before the end"),
            ("|GFP_KERNEL", "column 1: a flag, a number, ~ or ( is missing before |"),
            ("GFP_KERNEL __GFP_NOWARN", "column 12: | or & is missing before __GFP_NOWARN"),
            ("GFP_KERNEL||__GFP_ZERO", "column 11: || is C's logical operator; combine flags with a single |"),
            ("GFP_KERNEL+__GFP_ZERO", "column 11: + does not combine flags; use |"),
            ("GFP_KERNEL & !__GFP_FS", "column 14: ! does not take a flag away; use & ~FLAG"),
            ("(GFP_KERNEL|__GFP_ZERO", "column 1: this ( is not closed"),
            ("GFP_KERNEL)", "column 11: this ) closes nothing"),
            ("cc0", "column 1: no flag is called cc0"),
            ("0xzz", "column 1: 0xzz is not a number; write hexadecimal with 0x in front, such as 0xcc0"),
            ("0x1ffffffffffffffff", "column 1: 0x1ffffffffffffffff is too large for a mask of 64 bits"),
            (
                "GFP_KERNEL|0x8000000",
                "column 12: 0x8000000 is not a flag of this layout (include/linux/gfp_types.h, 6.12)"
            ),
            (
                "0x8000cc0",
                "column 1: 0x8000000 in 0x8000cc0 is not a flag of this layout (include/linux/gfp_types.h, 6.12)"
            ),
            (
                "GFP_KERNEL;__GFP_FS",
                "column 11: \";\" is not part of an expression; use flag names, numbers, |, &, ~ and parentheses"
            ),
        ])
    func `bad expressions and what is said about them`(expression: String, message: String) {
        let error = #expect(throws: GFPParseError.self) {
            try GFPFlags(parsing: expression, layout: GFPLayout.layout(for: KernelVersion(6, 12)))
        }
        #expect(error?.description == "\"\(expression)\", \(message)")
    }

    @Test(arguments: ["(", "~"])
    func `nesting without end is refused, not followed`(word: String) {
        let error = #expect(throws: GFPParseError.self) {
            try GFPFlags(parsing: String(repeating: word, count: 200_000), layout: .newest)
        }
        #expect(error?.reason == "more than 100 levels of ( and ~")
    }

    @Test func `what a layout prints, it reads back as the same flags`() throws {
        var generator = SeededGenerator(seed: 0xC0FFEE)
        for layout in GFPLayout.all {
            // To 4.5 a trace prints a flag such as __GFP_ATOMIC with the name of another thing, a composite.
            let ambiguous = layout.printTable.reduce(into: GFPFlags()) { flags, entry in
                if let composite = layout.composite(named: entry.name), composite != entry.flags {
                    flags.formUnion(entry.flags)
                }
            }
            #expect(ambiguous.isEmpty || layout.covers.upperBound <= KernelVersion(4, 6))
            for round in 0..<200 {
                let noise = generator.next() & generator.next() & (round % 2 == 0 ? generator.next() : .max)
                let flags = layout.flags(fromKernelValue: noise & 0xFFFF_FFFF).flags.subtracting(ambiguous)
                let text = layout.describe(flags)
                guard !text.isEmpty else { continue }
                #expect(try GFPFlags(parsing: text, layout: layout) == flags, "\(text), \(layout.source), \(generator)")
            }
        }
    }

    @Test func `noise is refused or read, never a crash`() {
        var generator = SeededGenerator(seed: 99)
        let pieces = ["GFP_KERNEL", "__GFP_", "|", "&", "~", "(", ")", "0x", "9", " ", "é", "\u{0}", "🧠", "\n", "_"]
        for _ in 0..<2_000 {
            let count = Int.random(in: 0...12, using: &generator)
            let text = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            if case .failure(let error) = Result(catching: { try GFPFlags(parsing: text, layout: .newest) }) {
                let column = (error as? GFPParseError)?.column ?? 0
                #expect((1...text.count + 1).contains(column), "\(text.debugDescription), \(generator)")
            }
        }
    }
}
