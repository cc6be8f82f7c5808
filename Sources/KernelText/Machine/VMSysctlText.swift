import GFP
import Topology

/// Files of `/proc/sys/vm`, by name.
public struct VMSysctlText: Hashable, Sendable {
    /// The numbers of each file that was read, by name.
    public private(set) var values: [String: [Int]] = [:]
    /// `numa_zonelist_order` of kernels before 4.14.
    public private(set) var zonelistOrder: String?

    /// The files whose settings the allocator reads.
    public static let names = [
        "defrag_mode", "extfrag_threshold", "lowmem_reserve_ratio", "min_free_kbytes", "numa_stat",
        "numa_zonelist_order", "oom_kill_allocating_task", "panic_on_oom", "percpu_pagelist_high_fraction",
        "swappiness",
        "watermark_boost_factor", "watermark_scale_factor", "zone_reclaim_mode",
    ]

    public init() {}

    /// Takes up a file's text.
    ///
    /// What the parameters mean:
    ///   - `name`: the file's name without directories.
    ///   - `path`: what to call it in an error.
    public mutating func read(_ text: String, of name: String, path: String) throws(KernelTextError) {
        let fields = text.split(whereSeparator: \.isWhitespace)
        if name == "numa_zonelist_order" {
            zonelistOrder = fields.first.map(String.init)
            return
        }
        var numbers: [Int] = []
        for field in fields {
            guard let number = Int(field), (0...Int(Int32.max)).contains(number) else {
                throw KernelTextError(
                    file: path, line: 1, problem: "'\(field.prefix(24))' is not a number from 0 to \(Int32.max)")
            }
            numbers.append(number)
        }
        guard !numbers.isEmpty else { throw KernelTextError(file: path, problem: "empty; expected a number") }
        values[name] = numbers
    }

    /// The settings; those not read have the kernel's defaults.
    ///
    /// - Parameter zones: the kernel's zones in order of index, for `lowmem_reserve_ratio`.
    public func sysctls(zones: [ZoneKind]) -> Sysctls {
        var sysctls = Sysctls()
        func first(_ name: String) -> Int? { values[name]?.first }
        sysctls.minFreeKbytes = first("min_free_kbytes")
        sysctls.watermarkScaleFactor = first("watermark_scale_factor") ?? sysctls.watermarkScaleFactor
        sysctls.watermarkBoostFactor = first("watermark_boost_factor") ?? sysctls.watermarkBoostFactor
        sysctls.percpuPagelistHighFraction =
            first("percpu_pagelist_high_fraction") ?? sysctls.percpuPagelistHighFraction
        sysctls.zoneReclaimMode = first("zone_reclaim_mode") ?? sysctls.zoneReclaimMode
        sysctls.extfragThreshold = first("extfrag_threshold") ?? sysctls.extfragThreshold
        sysctls.swappiness = first("swappiness") ?? sysctls.swappiness
        sysctls.panicOnOOM = first("panic_on_oom") ?? sysctls.panicOnOOM
        sysctls.oomKillAllocatingTask =
            first("oom_kill_allocating_task").map { $0 != 0 } ?? sysctls.oomKillAllocatingTask
        sysctls.defragMode = first("defrag_mode").map { $0 != 0 } ?? sysctls.defragMode
        sysctls.numaStat = first("numa_stat").map { $0 != 0 } ?? sysctls.numaStat
        sysctls.numaZonelistOrder = zonelistOrder
        // The kernel has no ratio for Device, and older ones none for the last zone.
        for (kind, ratio) in zip(zones.filter { $0 != .device }, values["lowmem_reserve_ratio"] ?? []) {
            sysctls.lowmemReserveRatio[kind] = ratio
        }
        return sysctls
    }
}
