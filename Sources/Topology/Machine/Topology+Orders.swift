extension Topology {
    /// Sets the block sizes to the defaults of an architecture's kernels for this page size.
    public mutating func takeOrders(of architecture: Architecture) {
        maximumOrder = architecture.maximumOrder(pageSize: pageSize)
        pageblockOrder = architecture.pageblockOrder(pageSize: pageSize)
        hugePageOrder = architecture.hugePageOrder(pageSize: pageSize)
    }
}
