/// One CPU's lists of a zone, as zoneinfo prints them ("pagesets"). Amounts are pages; which pages they are is not printed.
public struct PerCPUFigures: Hashable, Sendable {
    public var cpu: CPUID
    /// Pages on the lists.
    public var count: Int
    public var high: Int
    public var batch: Int
    /// nil: this kernel does not print it.
    public var highMin: Int?
    public var highMax: Int?
    /// nil on a kernel for one CPU.
    public var statThreshold: Int?
    /// Settings have changed since: sizes are worked out afresh, and only ``count`` still holds.
    public var isResized = false

    public init(
        cpu: CPUID, count: Int = 0, high: Int = 0, batch: Int = 1, highMin: Int? = nil, highMax: Int? = nil,
        statThreshold: Int? = nil
    ) {
        self.cpu = cpu
        self.count = count
        self.high = high
        self.batch = batch
        self.highMin = highMin
        self.highMax = highMax
        self.statThreshold = statThreshold
    }
}
