extension Topology {
    /// Takes the block sizes that such an architecture's kernels have with this page size, unless somebody chose otherwise.
    public mutating func takeOrders(of architecture: Architecture) {
        maximumOrder = architecture.maximumOrder(pageSize: pageSize)
        pageblockOrder = architecture.pageblockOrder(pageSize: pageSize)
        hugePageOrder = architecture.hugePageOrder(pageSize: pageSize)
    }
}
