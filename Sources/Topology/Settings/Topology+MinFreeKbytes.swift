import BuddyEngine
import GFP

/// The kernel's own choice of `vm.min_free_kbytes`, in KiB.
extension Topology {
    /// The value of `min_free_kbytes` from early boot on: the square root of sixteen times low memory in KiB, within
    /// limits (`calculate_min_free_kbytes`, mm/page_alloc.c, 6.1 and 6.12).
    ///
    /// The upper limit is 262144 since "mm/page_alloc: increase default min_free_kbytes bound" (J. Savitz, 2020),
    /// assumed here from 5.8 on, and 65536 before.
    ///
    /// - Parameters:
    ///   - lowmemManagedPages: Managed pages of all zones up to Normal, less their high watermarks
    ///     (`nr_free_buffer_pages`). At that point of the boot the watermarks are 0, and memory freed later, such as
    ///     that of the initial file system, is not yet managed.
    /// - Returns: KiB.
    public func defaultMinFreeKbytes(lowmemManagedPages: Int) -> Int {
        let kilobytes = max(lowmemManagedPages, 0).multipliedReportingOverflow(by: max(pageSize / 1024, 1))
        let product = kilobytes.partialValue.multipliedReportingOverflow(by: 16)
        let highest = highestMinFreeKbytes
        guard !kilobytes.overflow, !product.overflow else { return highest }
        return min(max(Self.squareRoot(product.partialValue), 128), highest)
    }

    /// The most that the kernel chooses by itself, in KiB.
    public var highestMinFreeKbytes: Int { kernel.has(.largerMinFree) ? 262_144 : 65_536 }

    /// Whether khugepaged counts every zone with memory. From 4.17 on it counts those up to Normal only: movable memory
    /// needs no reserve against fragmentation (`set_recommended_min_free_kbytes`, mm/khugepaged.c; "mm/thp: don't count
    /// ZONE_MOVABLE as the target for freepage reserving").
    public var countsMovableForHugePages: Bool { !kernel.has(.noReserveForMovable) }

    /// What khugepaged raises `min_free_kbytes` to, in KiB, when transparent huge pages are on, if that is more than
    /// before: eleven pageblocks for each zone that counts (``countsMovableForHugePages``), but at most a twentieth of
    /// low memory (`set_recommended_min_free_kbytes`, mm/khugepaged.c, 6.1 and 6.12).
    ///
    /// - Parameters:
    ///   - zones: The number of populated zones that count, of all nodes.
    ///   - lowmemManagedPages: Managed pages of those up to Normal, less their high watermarks as they are at that
    ///     moment.
    public func hugePageMinFreeKbytes(zones: Int, lowmemManagedPages: Int) -> Int {
        // Two free ones, and for each of three types one to fall back to from each of the three.
        let wanted = max(zones, 0).multipliedReportingOverflow(by: pageblockOrder.pages * (2 + 3 * 3))
        let pages = min(wanted.overflow ? .max : wanted.partialValue, max(lowmemManagedPages, 0) / 20)
        return pages.multipliedReportingOverflow(by: max(pageSize / 1024, 1)).partialValue
    }

    /// Whether transparent huge pages are in use: the kernel has them, they are requested, and there are at least 512 MiB,
    /// below which the kernel turns them off (`hugepage_init`, mm/huge_memory.c).
    public var usesTransparentHugePages: Bool {
        guard kernel.has(.transparentHugePages) else { return false }
        let memory = zoneSpans().reduce(0) { $0 + $1.managed }
        return boot.transparentHugePages && memory >= 512 << 20 / pageSize
    }

    /// The square root, rounded down exactly, like the kernel's `int_sqrt`.
    private static func squareRoot(_ value: Int) -> Int {
        var root = Int(Double(value).squareRoot())
        while root * root > value { root -= 1 }
        while (root + 1) * (root + 1) <= value { root += 1 }
        return root
    }
}
