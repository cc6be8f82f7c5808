/// One CPU's lists of a zone, as zoneinfo prints them ("pagesets"), in pages. It does not print which pages they hold.
public struct PerCPUFigures: Hashable, Sendable {
    /// The CPU.
    public var cpu: CPUID
    /// Pages on the lists.
    public var count: Int
    /// The number of pages above which the lists are drained.
    public var high: Int
    /// How many pages move between lists and zone at a time.
    public var batch: Int
    /// The least that ``high`` may become; nil if this kernel does not print it.
    public var highMin: Int?
    /// The most that ``high`` may become; nil if this kernel does not print it.
    public var highMax: Int?
    /// How far this CPU's counters may drift; nil on a kernel without SMP.
    public var statThreshold: Int?
    /// Settings have changed since: sizes are computed anew, and only ``count`` is still valid.
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
