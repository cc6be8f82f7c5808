/// `/proc/vmstat` or a node's `vmstat`: counters by name (`vmstat_show`, mm/vmstat.c).
public struct VMStatText: KernelTextFile {
    /// In the order of the text.
    public var counters: [NamedCounter]
    /// What was odd about the text, one sentence each.
    public var notes: [String]

    public init(counters: [NamedCounter], notes: [String] = []) {
        self.counters = counters
        self.notes = notes
    }

    /// The value of the first counter with that name.
    public subscript(name: String) -> UInt64? { counters.value(named: name) }

    public init(parsing bytes: [UInt8], name: String) throws(KernelTextError) {
        var counters: [NamedCounter] = []
        var notes: [String] = []
        let lines = KernelTextLines(bytes, file: name)
        try lines.read(notes: &notes) { line, notes throws(KernelTextError) in
            let fields = line.fields
            guard !fields.isEmpty else { return }
            guard fields.count == 2 else {
                notes.append(line.note("not 'NAME NUMBER', ignored: '\(line.content.prefix(40))'"))
                return
            }
            counters.append(NamedCounter(name: String(fields[0]), value: try line.counter(fields[1], of: fields[0])))
        }
        guard !counters.isEmpty else {
            throw KernelTextError(file: name, problem: "no counter in it; expected lines such as 'nr_free_pages 3952'")
        }
        self.init(counters: counters, notes: notes)
    }

    public var text: String { counters.map { "\($0.name) \($0.value)\n" }.joined() }
}
