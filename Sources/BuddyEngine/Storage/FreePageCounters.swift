/// The count of a span's free pages as the kernel keeps it: a shared number to which each CPU adds its own share only
/// when that exceeds a threshold (`__mod_zone_page_state`, mm/vmstat.c, 6.1 and 6.12).
///
/// Watermarks are compared with the shared number, so the lag affects results. A threshold of 0 means no lag.
@frozen
public struct FreePageCounters: ~Copyable {
    /// One CPU's share, in pages: never beyond the threshold, so 32 bits suffice.
    @frozen
    public struct Share: BitwiseCopyable, Sendable {
        /// Free pages.
        public var free: Int32 = 0
        /// Free pages in CMA pageblocks.
        public var cma: Int32 = 0

        @inlinable
        public init(free: Int32 = 0, cma: Int32 = 0) {
            self.free = free
            self.cma = cma
        }
    }

    /// Free pages, without the CPUs' shares.
    public var free: Int = 0
    /// Free pages in CMA pageblocks, without the CPUs' shares.
    public var cma: Int = 0
    /// Free pages in highatomic pageblocks; exact. Kept only under rules that count each change.
    public var highAtomic: Int = 0
    /// The most pages that a CPU keeps in its share; from 0 to ``largestThreshold``.
    public var threshold: Int {
        didSet { threshold = min(max(threshold, 0), Self.largestThreshold) }
    }
    /// The CPU whose share operations change: an index of `shares`.
    public var cpu: Int = 0
    @usableFromInline
    let shares: LazyMemory<Share>

    /// - Parameters:
    ///   - cpuCount: The number of CPUs.
    ///   - threshold: The most pages that a CPU keeps in its share.
    ///   - space: Where the shares are placed; nil: in memory of their own.
    public init(cpuCount: Int, threshold: Int, in space: TableSpace? = nil) {
        self.threshold = min(max(threshold, 0), Self.largestThreshold)
        shares = LazyMemory(count: max(cpuCount, 1), in: space)
    }

    /// The most pages that a share can hold.
    public static var largestThreshold: Int { Int(Int32.max) }

    /// The share of the CPU at `index`.
    public subscript(index: Int) -> Share {
        get {
            precondition(index < shares.count)
            return shares.base[index]
        }
        nonmutating set {
            precondition(index < shares.count)
            shares.base[index] = newValue
        }
    }

    /// The number of CPUs that have a share.
    public var cpuCount: Int { shares.count }

    /// Resets all counts and shares to 0, and the CPU to the first. The threshold stays.
    mutating func clear() {
        free = 0
        cma = 0
        highAtomic = 0
        cpu = 0
        shares.clear()
    }

    /// The true number of free pages: the shared number plus all CPUs' shares. O(CPUs).
    public var exactFree: Int {
        (0..<shares.count).reduce(free) { $0 + Int(shares.base[$1].free) }
    }

    /// The true number of free pages in CMA pageblocks. O(CPUs).
    public var exactCMA: Int {
        (0..<shares.count).reduce(cma) { $0 + Int(shares.base[$1].cma) }
    }

    /// Adds a CPU's part to the shared number (`refresh_cpu_vm_stats`). Returns whether it had one.
    public mutating func settle(_ cpu: Int) -> Bool {
        precondition(cpu < shares.count)
        let share = shares.base[cpu]
        free += Int(share.free)
        cma += Int(share.cma)
        shares.base[cpu] = Share()
        return share.free != 0 || share.cma != 0
    }

    @inlinable @inline(__always)
    mutating func addFree(_ pages: Int) {
        let sum = Int(shares.base[cpu].free) &+ pages
        if isBeyondThreshold(sum) {
            free &+= sum
            shares.base[cpu].free = 0
        } else {
            shares.base[cpu].free = Int32(truncatingIfNeeded: sum)
        }
    }

    /// Like `times` calls of ``addFree(_:)``: the share is added to the shared number each time it exceeds the
    /// threshold.
    ///
    /// - Precondition: `pages` is a power of two, or the negative of one.
    @usableFromInline
    mutating func addFree(_ pages: Int, times: Int) {
        guard times > 0 else { return }
        let share = Int(shares.base[cpu].free)
        guard abs(share) <= threshold else {
            addFree(pages)
            addFree(pages, times: times - 1)
            return
        }
        let sum = share + pages * times
        guard abs(sum) > threshold else {
            shares.base[cpu].free = Int32(truncatingIfNeeded: sum)
            return
        }
        let order = pages.trailingZeroBitCount
        let quiet = (threshold - share * pages.signum()) >> order
        let period = threshold >> order + 1
        let rest = (times - quiet - 1) % period * pages
        free += sum - rest
        shares.base[cpu].free = Int32(truncatingIfNeeded: rest)
    }

    @inlinable @inline(__always)
    mutating func addCMA(_ pages: Int) {
        let sum = Int(shares.base[cpu].cma) &+ pages
        if isBeyondThreshold(sum) {
            cma &+= sum
            shares.base[cpu].cma = 0
        } else {
            shares.base[cpu].cma = Int32(truncatingIfNeeded: sum)
        }
    }

    /// Whether a share is above the threshold or below its negative, with one comparison.
    @inlinable @inline(__always)
    func isBeyondThreshold(_ sum: Int) -> Bool {
        UInt(bitPattern: sum &+ threshold) > UInt(bitPattern: threshold) &<< 1
    }
}

extension BuddySpan {
    /// Adds all CPUs' shares of the free-page counters to the shared numbers, as vmstat's workers do from time to time
    /// (`refresh_cpu_vm_stats`, mm/vmstat.c).
    public mutating func settleCounters() {
        for cpu in 0..<counters.cpuCount {
            counters.free += Int(counters[cpu].free)
            counters.cma += Int(counters[cpu].cma)
            counters[cpu] = FreePageCounters.Share()
        }
    }

    /// The same while only the CPU that operations are charged to has a share, as at boot: the others' are not touched.
    public mutating func settleOnlyCounter() {
        let share = counters[counters.cpu]
        counters.free += Int(share.free)
        counters.cma += Int(share.cma)
        counters[counters.cpu] = FreePageCounters.Share()
    }
}
