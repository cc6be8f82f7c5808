import GFP

/// A `vm.*` setting that the allocator reads: everything that readers, writers and checks of settings need to know of
/// it.
///
/// To add a setting, add it to ``all`` and as a property of ``Sysctls``; every form of a machine then has it, and a
/// test fails until the schema has it, too.
public struct Sysctl: Sendable {
    /// The name without "vm.".
    public let name: String
    /// The name in older kernels.
    public let formerName: String?
    /// Where the value is stored.
    let field: Field
    /// The kernel that introduced it, if that is one of those known here; nil: older than all of them.
    public let since: KernelVersion?
    /// The values that a kernel accepts; for a setting with a number for each zone, of each.
    let range: ClosedRange<Int>
    /// The values that kernels before a version accepted.
    let earlier: (before: KernelVersion, range: ClosedRange<Int>)?
    /// Numbers within the range that are refused.
    let gap: Range<Int>
    /// The message for a number that is refused.
    let complaint: @Sendable (_ number: Int, _ kernel: KernelVersion) -> String

    enum Field: Sendable {
        case number(WritableKeyPath<Sysctls, Int> & Sendable)
        /// nil: computed by the kernel.
        case derived(WritableKeyPath<Sysctls, Int?> & Sendable)
        case flag(WritableKeyPath<Sysctls, Bool> & Sendable)
        case byZone(WritableKeyPath<Sysctls, [ZoneKind: Int]> & Sendable)
        case word(WritableKeyPath<Sysctls, String?> & Sendable)
    }

    /// The largest value of any setting: all are stored in an `int`.
    static let largest = Int(Int32.max)

    private init(
        _ name: String, _ field: Field, formerName: String? = nil, since: KernelVersion? = nil,
        range: ClosedRange<Int> = 0...largest, earlier: (before: KernelVersion, range: ClosedRange<Int>)? = nil,
        gap: Range<Int> = 0..<0,
        complaint: @escaping @Sendable (Int, KernelVersion) -> String = { number, _ in "\(number) is out of range" }
    ) {
        self.name = name
        self.formerName = formerName
        self.field = field
        self.since = since
        self.range = range
        self.earlier = earlier
        self.gap = gap
        self.complaint = complaint
    }

    /// In the order of documentation and output.
    public static let all: [Sysctl] = [
        Sysctl("min_free_kbytes", .derived(\.minFreeKbytes)) { number, _ in
            number < 0 ? "\(number) is negative" : "\(number) is out of range: the kernel takes up to \(largest)"
        },
        // 3000 from 5.18 on, 1000 before (mm/page_alloc.c, kernel/sysctl.c).
        Sysctl(
            "watermark_scale_factor", .number(\.watermarkScaleFactor),
            since: KernelFeature.watermarkScaleFactor.release,
            range: 1...3000, earlier: (before: KernelFeature.largerWatermarkScale.release, range: 1...1000)
        ) { number, kernel in
            "\(number) is out of range: \(kernel) takes 1 to \(kernel.has(.largerWatermarkScale) ? 3000 : 1000), "
                + "ten-thousandths of a zone"
        },
        Sysctl(
            "watermark_boost_factor", .number(\.watermarkBoostFactor),
            since: KernelFeature.fragmentationAvoidance.release
        ) { number, _ in
            number < 0
                ? "\(number) is negative: use 0 for no boost; the default is 15000"
                : "\(number) is out of range: the kernel takes up to \(largest)"
        },
        Sysctl("lowmem_reserve_ratio", .byZone(\.lowmemReserveRatio)) { number, _ in
            number < 0
                ? "\(number) is negative: use 0 for no reserve"
                : "\(number) is out of range: the kernel takes up to \(largest)"
        },
        // The old name until 5.14 (commit 74f44822097c).
        Sysctl(
            "percpu_pagelist_high_fraction", .number(\.percpuPagelistHighFraction),
            formerName: "percpu_pagelist_fraction", gap: 1..<8
        ) { number, _ in "\(number) is out of range: use 0, or 8 and more" },
        Sysctl("zone_reclaim_mode", .number(\.zoneReclaimMode), range: 0...7) { number, _ in
            "\(number) has unknown bits: add up 1 (reclaim), 2 (write) and 4 (unmap)"
        },
        Sysctl("numa_zonelist_order", .word(\.numaZonelistOrder)),
        Sysctl("numa_stat", .flag(\.numaStat), since: KernelFeature.numaStatSwitch.release),
        Sysctl("extfrag_threshold", .number(\.extfragThreshold), range: 0...1000) { number, _ in
            "\(number) is out of range: use 0 to 1000"
        },
        Sysctl(
            "compaction_proactiveness", .number(\.compactionProactiveness),
            since: KernelFeature.proactiveCompaction.release, range: 0...100
        ) { number, _ in "\(number) is out of range: use 0 to 100" },
        Sysctl("swappiness", .number(\.swappiness), range: 0...200) { number, _ in
            "\(number) is out of range: use 0 to 200"
        },
        Sysctl("panic_on_oom", .number(\.panicOnOOM), range: 0...2) { number, _ in
            "\(number) is out of range: use 0, 1 or 2"
        },
        Sysctl("oom_kill_allocating_task", .flag(\.oomKillAllocatingTask)),
        Sysctl("defrag_mode", .flag(\.defragMode), since: KernelFeature.defragMode.release),
    ]

    /// All names, without "vm.".
    static let names = all.map(\.name)

    /// Finds a setting by its name, with or without "vm."; a former name will do.
    public static func named(_ name: String) -> Sysctl? {
        let own = name.hasPrefix("vm.") ? name.dropFirst(3) : name[...]
        return all.first { $0.name == own || $0.formerName.map { $0 == own } == true }
    }

    /// What is wrong with a number; nil if the kernel accepts it.
    func problem(_ number: Int, _ kernel: KernelVersion) -> String? {
        var allowed = range
        if let earlier, kernel < earlier.before { allowed = earlier.range }
        return allowed.contains(number) && !gap.contains(number) ? nil : complaint(number, kernel)
    }

    /// Whether the value differs from the kernel's at boot.
    func isSet(in sysctls: Sysctls) -> Bool {
        let usual = Sysctls()
        return switch field {
        case .number(let path): sysctls[keyPath: path] != usual[keyPath: path]
        case .derived(let path): sysctls[keyPath: path] != nil
        case .flag(let path): sysctls[keyPath: path] != usual[keyPath: path]
        case .byZone(let path): sysctls[keyPath: path] != usual[keyPath: path]
        case .word(let path): sysctls[keyPath: path] != nil
        }
    }
}

extension Sysctls {
    /// Copies one setting from `others`.
    package mutating func take(_ sysctl: Sysctl, from others: Sysctls) {
        switch sysctl.field {
        case .number(let path): self[keyPath: path] = others[keyPath: path]
        case .derived(let path): self[keyPath: path] = others[keyPath: path]
        case .flag(let path): self[keyPath: path] = others[keyPath: path]
        case .byZone(let path): self[keyPath: path] = others[keyPath: path]
        case .word(let path): self[keyPath: path] = others[keyPath: path]
        }
    }

    /// Sets a setting from a file of `/proc/sys/vm`, or from what sysctl(8) prints.
    ///
    /// - Parameters:
    ///   - sysctl: The setting.
    ///   - text: The file's contents.
    ///   - zones: The kernel's zones in order of index, for a setting with a number for each.
    /// - Returns: False for a text without such a value; nothing is changed then.
    @discardableResult
    package mutating func read(_ sysctl: Sysctl, text: some StringProtocol, zones: [ZoneKind]) -> Bool {
        let words = text.split(whereSeparator: \.isWhitespace)
        if case .word(let path) = sysctl.field {
            guard let word = words.first else { return false }
            self[keyPath: path] = String(word)
            return true
        }
        let numbers = words.map { Int($0) }.map { $0.flatMap { (0...Sysctl.largest).contains($0) ? $0 : nil } }
        guard let first = numbers.first ?? nil, !numbers.contains(nil) else { return false }
        switch sysctl.field {
        case .number(let path): self[keyPath: path] = first
        case .derived(let path): self[keyPath: path] = first
        case .flag(let path): self[keyPath: path] = first != 0
        case .byZone(let path):
            // The kernel has no ratio for Device, and older ones none for the last zone.
            for (kind, number) in zip(zones.filter { $0 != .device }, numbers) { self[keyPath: path][kind] = number }
        case .word: break
        }
        return true
    }
}
