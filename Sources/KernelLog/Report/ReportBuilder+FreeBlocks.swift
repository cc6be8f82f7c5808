extension ReportBuilder {
    /// Reads `Node 0 DMA: 1*4kB (U) 0*8kB ... = 748kB`.
    mutating func readFreeBlocks(_ text: LogText) {
        guard let (key, rest) = Self.zoneKey(text) else { return }
        let known = zonesByName[key] != nil
        guard let index = zone(key) else { return }
        if !known {
            report.notes.append("Node \(key.node) \(key.name) has a line of free blocks but no line of marks.")
        }
        var line = FreeBlockLine(rest.dropping(1))
        guard !line.blocks.isEmpty else { return }
        if line.blocks.contains(where: { $0.letters != nil }) {
            for order in line.blocks.indices where line.blocks[order].letters == nil { line.blocks[order].letters = "" }
        }
        var zone = FailureReport.ZoneUsage(node: key.node, name: key.name)
        zone.freeBlocks = line.blocks
        let place = "node \(key.node) \(key.name)"
        if !line.hasEnd {
            line.state = .cut
            report.notes.append("The line of free blocks of \(place) is cut off.")
        } else if let total = line.total, zone.freeBlocksSum != total {
            line.state = .damaged
            report.notes.append(
                "The free blocks of \(place) do not add up to the sum printed: the line is damaged.")
        } else if !line.doubles {
            line.state = .damaged
            report.notes.append("The free blocks of \(place) do not double from order to order.")
        } else if line.isRestored {
            report.notes.append("The asterisks of the free blocks of \(place) were lost on the way, and put back.")
        }
        withMemory { memory in
            memory.zones[index].freeBlocks = line.blocks
            memory.zones[index].freeBlocksTotal = line.total
            memory.zones[index].freeBlocksState = line.state
        }
        guard let size = line.blocks.first?.kibibytes, size > 0, size <= 1024, size & (size - 1) == 0 else { return }
        withMemory { if $0.pageSize == nil { $0.pageSize = size * 1024 } }
    }
}

/// The blocks of a line, as far as the line goes.
private struct FreeBlockLine {
    var blocks: [FailureReport.FreeBlocks] = []
    var total: Int?
    var state = FailureReport.FreeBlocksState.complete
    /// Whether the `=` before the sum was there.
    var hasEnd = false
    /// Whether asterisks were missing.
    var isRestored = false

    /// Whether each order's blocks are twice as large as those of the order below.
    var doubles: Bool {
        zip(blocks, blocks.dropFirst()).allSatisfy { lower, upper in
            let (doubled, overflows) = lower.kibibytes.multipliedReportingOverflow(by: 2)
            return !overflows && doubled == upper.kibibytes
        }
    }

    init(_ text: LogText) {
        var count: LogText?
        for word in LogText.Words(text) {
            if word.starts(with: "=") {
                hasEnd = true
                total = word.dropping(1).leadingInteger?.value
            } else if hasEnd {
                total = total ?? word.leadingInteger.flatMap { $0.rest.starts(with: "kB") ? $0.value : nil }
                break
            } else if word.starts(with: "("), !blocks.isEmpty {
                let letters = word.bytes.filter { $0 != UInt8(ascii: "(") && $0 != UInt8(ascii: ")") }
                blocks[blocks.count - 1].letters = LogText(letters[...]).string
            } else if word.starts(with: "*"), let first = count {
                append(LogText(Array(first.bytes) + Array(word.bytes)))
            } else if word.integer == nil {
                append(word)
            }
            count = word.integer == nil ? nil : word
            guard blocks.count <= 32 else { break }
        }
    }

    /// Reads `12*64kB`; without its unit it was cut off.
    private mutating func append(_ word: LogText) {
        if let (count, size) = word.leadingInteger, size.starts(with: "*"),
            let (kibibytes, unit) = size.dropping(1).leadingInteger
        {
            guard unit.starts(with: "kB") else { return }
            blocks.append(FailureReport.FreeBlocks(count: count, kibibytes: kibibytes))
        } else if let block = restored(word) {
            isRestored = true
            blocks.append(block)
        }
    }

    /// Reads `1_4kB`, `14kB` or `1\*4kB`: Markdown takes pairs of asterisks for emphasis. The size follows from the
    /// order below.
    private func restored(_ word: LogText) -> FailureReport.FreeBlocks? {
        guard word.ends(with: "kB") else { return nil }
        let body = word.bytes.dropLast(2)
        let size = blocks.last.map { $0.kibibytes.multipliedReportingOverflow(by: 2).partialValue } ?? 4
        let digits = Array("\(size)".utf8)
        guard body.count > digits.count, body.suffix(digits.count).elementsEqual(digits) else { return nil }
        let marks: [UInt8] = [UInt8(ascii: "_"), UInt8(ascii: "*"), UInt8(ascii: "\\")]
        var head = body.dropLast(digits.count)
        while let last = head.last, marks.contains(last) { head = head.dropLast() }
        return LogText(head).integer.map { FailureReport.FreeBlocks(count: $0, kibibytes: size) }
    }
}
