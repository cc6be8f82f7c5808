extension PageTypeInfoText {
    public var text: String { sections.map(\.text).joined() }
}

extension PageTypeInfoText.Section {
    fileprivate var text: String {
        var text = "Page block order: \(pageblockOrder)\nPages per block:  \(pagesPerBlock)\n\n"
        text += KernelFormat.left("Free pages count per migrate type at order", 43) + " "
        for order in 0..<max(orders, 0) { text += KernelFormat.right(order, 6) + " " }
        text += "\n"
        for row in free {
            text += "Node \(KernelFormat.right(row.node, 4)), zone \(KernelFormat.right(row.zone, 8)), "
            text += "type \(KernelFormat.right(row.type, 12)) "
            for count in row.counts {
                text += (count.isCapped ? ">" : "") + KernelFormat.right(count.value, 6) + " "
            }
            text += "\n"
        }
        text += table(blocks, title: "Number of blocks type ")
        if !mixedBlocks.isEmpty { text += table(mixedBlocks, title: "Number of mixed blocks ") }
        return text
    }

    private func table(_ rows: [PageTypeInfoText.BlockRow], title: String) -> String {
        var text = "\n" + KernelFormat.left(title, 23)
        for type in types { text += KernelFormat.right(type, 12) + " " }
        text += "\n"
        for row in rows {
            text += "Node \(row.node), zone \(KernelFormat.right(row.zone, 8)) "
            for count in row.counts { text += KernelFormat.right(count, 12) + " " }
            text += "\n"
        }
        return text
    }
}
