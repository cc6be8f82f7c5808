extension ReportBuilder {
    // MARK: Tasks

    /// Whether a text is `[  496]     0   496     2757 ...`, with as many numbers as the title has columns.
    func isTask(_ text: LogText) -> Bool {
        guard let next = TaskRow.afterNumber(text)?.trimmed.firstWord else { return false }
        return next.isEmpty || next.integer != nil
    }

    /// Whether the open line is a row with fewer words than the title has columns.
    var isRowFolded: Bool {
        guard let open, open.item == .task, !taskColumns.names.isEmpty else { return false }
        guard let rest = LogText(open.text).after("]") else { return false }
        return rest.wordCount < taskColumns.names.count + 1 && open.text.count < 512
    }

    mutating func readTask(_ item: LogItem, _ text: LogText) {
        if item == .taskHeader {
            // Everything between `[ pid ]` and `name` is a column of numbers.
            taskColumns = TaskColumns(
                names: (text.after("]") ?? text).words.map(\.string).filter { $0 != "name" })
            return
        }
        guard let pid = text.dropping(1).trimmed.leadingInteger?.value, let rest = text.after("]") else { return }
        guard mayAppend("tasks", count: report.tasks.count) else { return }
        var words = LogText.Words(rest)
        guard let columns = taskColumns.row(&words) else {
            if !leftOut.contains("complete rows of tasks") {
                report.notes.append("A row of the task table (line \(report.lastLine)) is damaged and was ignored.")
                leftOut.insert("complete rows of tasks")
            }
            return
        }
        let name = words.next().map { LogText(text.bytes[$0.bytes.startIndex...]).trimmed.string } ?? ""
        report.tasks.append(FailureReport.TaskUsage(name: name, pid: pid, columns: columns))
    }

    // MARK: Slabs

    /// Whether a text is `kmalloc-64                76KB         76KB`.
    func isSlab(_ text: LogText) -> Bool {
        let words = text.words
        guard words.count >= 3 else { return false }
        return words[words.count - 1].ends(with: "KB") && words[words.count - 2].ends(with: "KB")
    }

    mutating func readSlab(_ text: LogText) {
        let words = text.words
        guard words.count >= 3, let used = words[words.count - 2].leadingInteger?.value,
            let total = words[words.count - 1].leadingInteger?.value,
            mayAppend("slabs", count: report.slabs.count)
        else { return }
        let name = LogText(text.bytes[..<words[words.count - 3].bytes.endIndex]).string
        report.slabs.append(FailureReport.SlabUsage(name: name, used: used, total: total))
    }

    mutating func readSlub(_ item: LogItem, _ text: LogText, line: Int) {
        switch item {
        case .slub:
            guard mayAppend("SLUB failures", count: report.slub.count) else { return }
            var failure = FailureReport.SlubFailure(line: line)
            // 6.x: `on CPU 0 (of node 0) on node 1`; older: `on node 1`.
            let place = text.after("Unable to allocate memory on ") ?? text
            failure.node = (place.after(") on node ") ?? place.after("node "))?.leadingInteger?.value
            failure.gfp = Self.mask(text.after("gfp=") ?? LogText([]))
            report.slub.append(failure)
            if report.kind == .slubFailure, report.gfp == nil { report.gfp = failure.gfp }
        case .slubCache:
            guard !report.slub.isEmpty else { return }
            func number(_ name: StaticString) -> Int? { text.after(name)?.trimmed.leadingInteger?.value }
            let last = report.slub.count - 1
            report.slub[last].cache = text.after("cache: ")?.prefix(until: UInt8(ascii: ",")).string
            report.slub[last].objectSize = number("object size:")
            report.slub[last].bufferSize = number("buffer size:")
            report.slub[last].defaultOrder = number("default order:")
            report.slub[last].minimumOrder = number("min order:")
            // SLAB has one order for each cache (`slab_out_of_memory`, mm/slab.c, 3.4 to 6.7): `size: 1728, order: 1`.
            if let order = number(", order:") {
                (report.slub[last].defaultOrder, report.slub[last].minimumOrder) = (order, order)
            }
            if report.kind == .slubFailure, report.order == nil { report.order = report.slub[last].minimumOrder }
        default:
            guard let last = report.slub.indices.last, let node = text.dropping(5).leadingInteger?.value,
                let slabs = text.after("slabs: ")?.leadingInteger?.value,
                let objects = text.after("objs: ")?.leadingInteger?.value,
                let free = text.after("free: ")?.leadingInteger?.value,
                mayAppend("SLUB nodes", count: report.slub[last].nodes.count)
            else { return }
            report.slub[last].nodes.append(
                FailureReport.SlubNode(node: node, slabs: slabs, objects: objects, free: free))
        }
    }
}

/// The columns of numbers of a table of tasks, by their names in the title.
struct TaskColumns {
    let names: [String]
    /// All columns as 0: filling a copy is faster than building a dictionary for each of a thousand rows.
    private let empty: [String: Int]
    /// By column: its index in ``empty``, which is valid in copies, too.
    private let places: [Dictionary<String, Int>.Index]

    init(names: [String]) {
        self.names = names
        let empty = Dictionary(names.map { ($0, 0) }) { first, _ in first }
        self.empty = empty
        places = names.compactMap { empty.index(forKey: $0) }
    }

    /// A row's numbers; nil if it has fewer than there are columns, or the title names a column twice.
    ///
    /// - Parameters:
    ///   - words: The words of the row; those after the numbers remain.
    func row(_ words: inout LogText.Words) -> [String: Int]? {
        guard empty.count == names.count else { return nil }
        var row = empty
        for place in places {
            guard let value = words.next()?.integer else { return nil }
            row.values[place] = value
        }
        return row
    }
}
