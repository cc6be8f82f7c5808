extension BuddySpan {
    /// Takes the free block that begins at a page off its list, whole, as compaction does with pages to move to
    /// (`__isolate_free_page`).
    ///
    /// - Returns: The block's order; nil if no free block begins there.
    public mutating func takeBlock(at frame: PageFrame) -> Order? {
        guard let block = freeBlock(containing: frame), block.first == frame else { return nil }
        let type = pageblockType(of: frame)
        remove(offset(of: frame), order: Int(block.order.rawValue))
        count(-block.order.pages, type: type)
        return block.order
    }
}
