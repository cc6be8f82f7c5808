import KernelLog
import Topology

/// The contents of the zones that a request may use, by those zones' own lines, where they are only a part of the
/// machine. Amounts are in pages. A zone's line has fewer counters than the whole machine: slab and drivers' pages are
/// in ``rest``.
public struct PlaceAccount: Hashable, Sendable {
    /// Pages that the allocator manages.
    public let managed: Int
    /// Free pages.
    public let free: Int
    /// Pages of processes, tmpfs and shared memory.
    public let anonymous: Int
    /// Pages of the page cache.
    public let file: Int
    /// Pages of processes and of the page cache: one figure up to 2.6.27.
    public let lru: Int
    /// Pages that reclaim cannot take, such as locked ones.
    public let unevictable: Int
    /// Pages in use by the kernel: slab, page tables, stacks, and all that is on no counter.
    public var rest: Int { max(0, managed - free - anonymous - file - lru - unevictable) }

    /// Nil where the zones are nearly all of the machine, or their lines lack the figures.
    init?(_ scene: FailureScene, _ account: MemoryAccount?) {
        guard let memory = scene.report.memory, let all = account?.managed else { return nil }
        let zones = scene.machine.snapshot.zones.filter { scene.allows($0) && $0.span.managed > 0 }
        managed = zones.reduce(0) { $0 + $1.span.managed }
        guard managed > 0, managed < all - all / 10 else { return nil }
        let usages = ZoneUsageIndex(memory)
        var sums = (free: 0, anonymous: 0, file: 0, lru: 0, unevictable: 0)
        for zone in zones {
            guard let usage = usages[zone], let free = usage.free else { return nil }
            func pages(_ names: String...) -> Int? {
                let found = names.compactMap { usage.kibibytes[$0] }
                return found.count == names.count
                    ? found.reduce(0) { $0 + memory.pages(min(max(0, $1), 1 << 42)) } : nil
            }
            sums.free += memory.pages(max(0, free))
            if let lru = pages("active", "inactive") {
                sums.lru += lru
                continue
            }
            guard let anonymous = pages("active_anon", "inactive_anon"),
                let file = pages("active_file", "inactive_file"), let unevictable = pages("unevictable")
            else { return nil }
            sums.anonymous += anonymous
            sums.file += file
            sums.unevictable += unevictable
        }
        (free, anonymous, file, lru, unevictable) = sums
    }
}
