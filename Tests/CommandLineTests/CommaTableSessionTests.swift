import Foundation
import TestSupport
import Testing

/// Whatever verb's answer is a table prints it as comma-separated values too.
@Suite struct CommaTableSessionTests {
    /// The titles that a table begins with, and how many lines it has below them at least.
    private static let tables: [(command: String, titles: String, rows: Int)] = [
        ("run Config/scenarios/gfp-dma.json5", "file,", 1),
        (
            "compare --scenario Config/scenarios/gfp-dma.json5 --seeds 1-2 --variant a:kernel=6.1",
            "workload,variant,seed,", 2
        ),
        (
            "tune Config/scenarios/gfp-dma.json5 --find vm.swappiness=10..12 --find vm.min_free_kbytes=2048..2049",
            "vm.swappiness,vm.min_free_kbytes,passed,smallest,steady,failures", 6
        ),
        ("headroom Config/textbook-buddy.json --only-now", "node,request,order,pages,condition,served,stop", 8),
        ("age Config/textbook-buddy.json --recipe all", "recipe,occupancy,pagesHeld,", 6),
        ("explain logs/k612-oom-cpuset.log", "number,line,kind,order,gfp,cause,sentence", 1),
        ("verify \(ResultSchemaTests.recording)", "recording,kernel,rules,outcome,operations,ofOperations", 1),
        ("profiles 6.1 6.12", "key,rule,functions,6.1,6.12", 10),
        ("profiles 6.12", "key,rule,functions,6.12", 30),
    ]

    /// The cells of a text as RFC 4180 has it.
    private static func rows(_ text: String) -> [[String]] {
        var rows: [[String]] = [[""]]
        var isQuoted = false
        for character in text {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: rows[rows.count - 1].append("")
            case "\n" where !isQuoted: rows.append([""])
            default: rows[rows.count - 1][rows[rows.count - 1].count - 1].append(character)
            }
        }
        return Array(rows.dropLast())
    }

    @Test(arguments: tables.indices)
    func `a table has a title for each column and a cell for each title`(_ index: Int) throws {
        let (command, titles, count) = Self.tables[index]
        let result = try Session.run("numazones \(command) --csv 2>/dev/null")
        #expect(result.output.hasPrefix(titles), "\(command): \(result.output.prefix(200))")
        let rows = Self.rows(result.output)
        let head = try #require(rows.first)
        #expect(head.allSatisfy { !$0.isEmpty } && Set(head).count == head.count)
        #expect(rows.count - 1 >= count, "\(command)")
        #expect(rows.allSatisfy { $0.count == head.count }, "\(command)")
    }

    @Test func `a replay prints its counts`() throws {
        let line = "a-1 [000] .... 1.000000: mm_page_alloc: page=1 pfn=8 order=2 migratetype=1 gfp_flags=GFP_KERNEL"
        let result = try Session.run(
            "printf '\(line)\\n\(line.replacing("pfn=8", with: "pfn=16"))\\n' > csv.trace; "
                + "numazones replay csv.trace --csv 2>/dev/null")
        let rows = Self.rows(result.output)
        #expect(rows.first == ["subject", "name", "count"])
        for row in [
            ["total", "requests", "2"], ["mask", "GFP_KERNEL", "2"], ["order", "2", "2"], ["cpu", "0", "2"],
        ] {
            #expect(rows.contains(row), "\(rows)")
        }
    }

    @Test(arguments: [
        "replay x.trace --json", "replay x.trace --convert y", "headroom Config/textbook-buddy.json --json",
        "tune x.json5 --find vm.swappiness=1..2 --json",
        "profiles --json",
        "profiles --markdown", "age Config/textbook-buddy.json", "explain x.log --one-line", "verify x --live",
    ])
    func `what else goes to standard output is refused beside a table`(_ command: String) throws {
        let result = try Session.run("numazones \(command) --csv 2>&1")
        #expect(result.code == 2 && result.output.contains("--csv"), "\(result.output)")
    }
}
