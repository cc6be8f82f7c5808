/// `/proc/iomem`: what physical addresses are used for (kernel/resource.c). Without root, every address reads as zero.
public struct IOMemoryText: KernelTextFile {
    /// The ranges, in order of the text.
    public var entries: [Entry]
    /// What was odd about the text, one sentence each.
    public var notes: [String]

    /// One range.
    public struct Entry: Hashable, Sendable {
        /// How many other ranges it is nested in, each shown by two spaces.
        public var depth: Int
        /// The first byte.
        public var start: UInt64
        /// The last byte.
        public var end: UInt64
        /// What it is used for.
        public var name: String

        public init(depth: Int = 0, start: UInt64, end: UInt64, name: String) {
            self.depth = depth
            self.start = start
            self.end = end
            self.name = name
        }
    }

    public init(entries: [Entry], notes: [String] = []) {
        self.entries = entries
        self.notes = notes
    }

    /// Every address is zero: the text was read without permission to see them.
    public var isHidden: Bool { entries.allSatisfy { $0.start == 0 && $0.end == 0 } }

    /// The ranges of memory in bytes, ascending, with exclusive ends. Empty if ``isHidden``.
    public var systemRAM: [Range<UInt64>] {
        guard !isHidden else { return [] }
        return
            entries
            .filter { $0.name.hasPrefix("System RAM") && $0.end < .max && $0.start <= $0.end }
            .map { $0.start..<$0.end + 1 }
            .sorted { $0.lowerBound < $1.lowerBound }
    }
}

extension IOMemoryText {
    public init(parsing bytes: [UInt8], name: String) throws(KernelTextError) {
        var entries: [Entry] = []
        var notes: [String] = []
        let lines = KernelTextLines(bytes, file: name)
        try lines.read(notes: &notes) { line, notes throws(KernelTextError) in
            guard !line.fields.isEmpty else { return }
            let spaces = line.content.utf8.prefix { $0 == UInt8(ascii: " ") }.count
            let parts = line.content.utf8.dropFirst(spaces).split(separator: UInt8(ascii: " "), maxSplits: 2)
            guard parts.count == 3, Substring(parts[1]) == ":" else {
                notes.append(line.note("not 'START-END : NAME', ignored: '\(line.content.prefix(40))'"))
                return
            }
            let ends = parts[0].split(separator: UInt8(ascii: "-"))
            guard ends.count == 2, let start = UInt64(Substring(ends[0]), radix: 16),
                let end = UInt64(Substring(ends[1]), radix: 16)
            else { throw line.error("'\(Substring(parts[0]).prefix(40))' is not a range of hexadecimal addresses") }
            entries.append(Entry(depth: spaces / 2, start: start, end: end, name: String(Substring(parts[2]))))
        }
        guard !entries.isEmpty else {
            throw KernelTextError(file: name, problem: "no range in it; expected lines such as '0-fff : Reserved'")
        }
        self.init(entries: entries, notes: notes)
        if isHidden { self.notes.append("\(name): all addresses are zero: it was read without root") }
    }

    public var text: String {
        entries.map { entry in
            String(repeating: "  ", count: entry.depth) + Self.address(entry.start) + "-" + Self.address(entry.end)
                + " : \(entry.name)\n"
        }.joined()
    }

    private static func address(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    }
}
