import KernelLog
import Topology

/// What the zones that a request may use hold, by their own lines, where they are but a part of the machine. Amounts are
/// pages. A zone's line counts less than the whole machine's: slab and what drivers took are among the rest.
public struct PlaceAccount: Hashable, Sendable {
    public let managed: Int
    public let free: Int
    /// Of processes, tmpfs and shared memory.
    public let anonymous: Int
    public let file: Int
    public let unevictable: Int
    /// In use by the kernel: slab, page tables, stacks, and what is on no counter.
    public var rest: Int { max(0, managed - free - anonymous - file - unevictable) }

    /// Nil where the zones are nearly all of the machine, or their lines do not have the figures.
    init?(_ scene: FailureScene, _ account: MemoryAccount?) {
        guard let memory = scene.report.memory, let all = account?.managed else { return nil }
        let zones = scene.machine.snapshot.zones.filter { scene.allows($0) && $0.span.managed > 0 }
        managed = zones.reduce(0) { $0 + $1.span.managed }
        guard managed > 0, managed < all - all / 10 else { return nil }
        let usages = ZoneUsageIndex(memory)
        var sums = (free: 0, anonymous: 0, file: 0, unevictable: 0)
        for zone in zones {
            guard let usage = usages[zone], let free = usage.free else { return nil }
            func pages(_ names: String...) -> Int? {
                let found = names.compactMap { usage.kibibytes[$0] }
                return found.count == names.count
                    ? found.reduce(0) { $0 + memory.pages(min(max(0, $1), 1 << 42)) } : nil
            }
            guard let anonymous = pages("active_anon", "inactive_anon"),
                let file = pages("active_file", "inactive_file"), let unevictable = pages("unevictable")
            else { return nil }
            sums.free += memory.pages(max(0, free))
            sums.anonymous += anonymous
            sums.file += file
            sums.unevictable += unevictable
        }
        (free, anonymous, file, unevictable) = sums
    }
}
