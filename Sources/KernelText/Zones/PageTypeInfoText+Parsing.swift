import BuddyEngine

extension PageTypeInfoText {
    public init(parsing bytes: [UInt8], name: String) throws(KernelTextError) {
        var parser = PageTypeInfoParser()
        var notes: [String] = []
        let lines = KernelTextLines(bytes, file: name)
        try lines.read(notes: &notes) { line, notes throws(KernelTextError) in try parser.read(line, notes: &notes) }
        guard parser.sections.contains(where: { !$0.free.isEmpty }) else {
            throw KernelTextError(
                file: name, problem: "no zone in it; expected lines such as 'Node    0, zone      DMA, type    Movable'"
            )
        }
        self.init(sections: parser.sections, notes: notes)
    }
}

private struct PageTypeInfoParser {
    private(set) var sections: [PageTypeInfoText.Section] = []
    private var table = Table.none

    private enum Table { case none, free, blocks, mixedBlocks }

    mutating func read(_ line: KernelTextLines.Line, notes: inout [String]) throws(KernelTextError) {
        let fields = line.fields
        guard !fields.isEmpty else { return }
        if line.content.hasPrefix("Page block order:") {
            let order = try line.amount(fields.last, of: "page block order")
            guard order < Order.mostColumns else { throw line.error("page block order \(order) is too large") }
            sections.append(PageTypeInfoText.Section(pageblockOrder: order, pagesPerBlock: 1 << order, orders: 0))
            table = .none
            return
        }
        guard let last = sections.indices.last else {
            notes.append(line.leftOut(of: "pagetypeinfo"))
            return
        }
        if line.content.hasPrefix("Pages per block:") {
            sections[last].pagesPerBlock = try line.amount(fields.last, of: "pages per block")
        } else if line.content.hasPrefix("Free pages count per migrate type at order") {
            sections[last].orders = fields.count - 8
            guard (1...Order.mostColumns).contains(sections[last].orders) else {
                throw line.error("\(fields.count - 8) orders; expected 1 to \(Order.mostColumns)")
            }
            table = .free
        } else if line.content.hasPrefix("Number of blocks type") {
            sections[last].types = fields.dropFirst(4).map(String.init)
            table = .blocks
        } else if line.content.hasPrefix("Number of mixed blocks") {
            table = .mixedBlocks
        } else if try line.zoneHeader() != nil {
            try readRow(line, section: last)
        } else {
            notes.append(line.leftOut(of: "pagetypeinfo"))
        }
    }

    private mutating func readRow(_ line: KernelTextLines.Line, section: Int) throws(KernelTextError) {
        guard let (node, zone, rest) = try line.zoneHeader() else { return }
        switch table {
        case .none: throw line.error("a zone before the head of a table")
        case .free:
            guard rest.count >= 2, rest.first == "type", let type = rest.dropFirst().first else {
                throw line.error("expected 'type NAME' after the zone")
            }
            var counts: [PageTypeInfoText.Count] = []
            for field in rest.dropFirst(2) {
                let isCapped = field.first == ">"
                let value = try line.freeBlocks(isCapped ? field.dropFirst() : field, order: counts.count)
                counts.append(PageTypeInfoText.Count(value, isCapped: isCapped))
            }
            guard counts.count == sections[section].orders else {
                throw line.error("\(counts.count) orders where the table has \(sections[section].orders)")
            }
            sections[section].free.append(
                PageTypeInfoText.FreeRow(node: node, zone: zone, type: String(type), counts: counts))
        case .blocks, .mixedBlocks:
            var counts: [Int] = []
            for field in rest { counts.append(try line.amount(field, of: "the number of pageblocks")) }
            guard counts.count == sections[section].types.count else {
                throw line.error("\(counts.count) types where the table has \(sections[section].types.count)")
            }
            let row = PageTypeInfoText.BlockRow(node: node, zone: zone, counts: counts)
            if table == .blocks {
                sections[section].blocks.append(row)
            } else {
                sections[section].mixedBlocks.append(row)
            }
        }
    }
}
