extension ReportBuilder {
    /// Reads `48.1 MiB     6171 mm/huge_memory.c:1338 func:do_huge_pmd_anonymous_page`, with `[module]` before `func:`
    /// for a module's code (`__show_mem`, mm/show_mem.c, 6.12).
    mutating func readAllocationSite(_ text: LogText) {
        let words = text.words
        guard let unit = words.firstIndex(where: { Self.powers[$0.string] != nil }), unit > 0, words.count >= unit + 4,
            let power = Self.powers[words[unit].string], let size = Double(words[unit - 1].string), size >= 0,
            let calls = words[unit + 1].integer, let function = text.after(" func:")?.firstWord.string
        else { return }
        guard mayAppend("memory allocations", count: report.allocations.count) else { return }
        let place = words[unit + 2]
        let module = text.after(" [")?.before("] func:")?.string
        report.allocations.append(
            FailureReport.AllocationSite(
                bytes: Int(min(size * power, 1e15)), calls: calls,
                file: place.prefix(until: UInt8(ascii: ":")).string, line: place.after(":")?.integer,
                module: module, function: function))
    }

    /// The units that `string_get_size` prints with STRING_UNITS_2 (lib/string_helpers.c, 6.12).
    private static let powers: [String: Double] = [
        "B": 1, "KiB": 1024, "MiB": 1_048_576, "GiB": 1_073_741_824, "TiB": 1_099_511_627_776,
    ]
}
