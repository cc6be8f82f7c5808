extension ZoneInfoText.Form {
    /// 3.2 with Ubuntu's configuration: counters by zone only, before the protection; no empty zones.
    public static let linux32 = Self(
        amounts: [.min, .low, .high, .scanned, .spanned, .present], counterIndent: 4, protectionComesFirst: false,
        trailers: [.allUnreclaimable, .startPageFrame, .inactiveRatio], trailerColumn: 21, listsEmptyZones: false,
        counterNames: [
            "nr_free_pages", "nr_inactive_anon", "nr_active_anon", "nr_inactive_file", "nr_active_file",
            "nr_unevictable", "nr_mlock", "nr_anon_pages", "nr_mapped", "nr_file_pages", "nr_dirty",
            "nr_writeback", "nr_slab_reclaimable", "nr_slab_unreclaimable", "nr_page_table_pages",
            "nr_kernel_stack", "nr_unstable", "nr_bounce", "nr_vmscan_write", "nr_vmscan_immediate_reclaim",
            "nr_writeback_temp", "nr_isolated_anon", "nr_isolated_file", "nr_shmem", "nr_dirtied", "nr_written",
            "numa_hit", "numa_miss", "numa_foreign", "numa_interleave", "numa_local", "numa_other",
            "nr_anon_transparent_hugepages",
        ])

    /// 5.4 with Ubuntu's configuration.
    public static let linux54 = Self(
        amounts: [.min, .low, .high, .spanned, .present, .managed],
        nodeCounterNames: [
            "nr_inactive_anon", "nr_active_anon", "nr_inactive_file", "nr_active_file", "nr_unevictable",
            "nr_slab_reclaimable", "nr_slab_unreclaimable", "nr_isolated_anon", "nr_isolated_file",
            "workingset_nodes", "workingset_refault", "workingset_activate", "workingset_restore",
            "workingset_nodereclaim", "nr_anon_pages", "nr_mapped", "nr_file_pages", "nr_dirty", "nr_writeback",
            "nr_writeback_temp", "nr_shmem", "nr_shmem_hugepages", "nr_shmem_pmdmapped", "nr_file_hugepages",
            "nr_file_pmdmapped", "nr_anon_transparent_hugepages", "nr_unstable", "nr_vmscan_write",
            "nr_vmscan_immediate_reclaim", "nr_dirtied", "nr_written", "nr_kernel_misc_reclaimable",
        ],
        counterNames: [
            "nr_free_pages", "nr_zone_inactive_anon", "nr_zone_active_anon", "nr_zone_inactive_file",
            "nr_zone_active_file", "nr_zone_unevictable", "nr_zone_write_pending", "nr_mlock",
            "nr_page_table_pages", "nr_kernel_stack", "nr_bounce", "nr_zspages", "nr_free_cma", "numa_hit",
            "numa_miss", "numa_foreign", "numa_interleave", "numa_local", "numa_other",
        ])

    /// 5.10 (`vmstat_text`, `zoneinfo_show_print`, mm/vmstat.c).
    public static let linux510 = Self(
        amounts: linux54.amounts,
        nodeCounterNames: linux54.nodeCounterNames
            .replacing("workingset_refault", with: "workingset_refault_anon", "workingset_refault_file")
            .replacing("workingset_activate", with: "workingset_activate_anon", "workingset_activate_file")
            .replacing("workingset_restore", with: "workingset_restore_anon", "workingset_restore_file")
            .removing("nr_unstable") + ["nr_foll_pin_acquired", "nr_foll_pin_released", "nr_kernel_stack"],
        counterNames: linux54.counterNames.removing("nr_kernel_stack"))

    /// 6.1 with Debian's configuration.
    public static let linux61 = Self(
        amounts: [.boost, .min, .low, .high, .spanned, .present, .managed, .cma],
        nodeCounterNames: linux510.nodeCounterNames.inserting("nr_throttled_written", after: "nr_written") + [
            "nr_page_table_pages", "nr_sec_page_table_pages", "nr_swapcached", "pgpromote_success",
            "pgpromote_candidate",
        ],
        counterNames: linux510.counterNames.removing("nr_page_table_pages"))

    /// 6.12 with Debian's configuration.
    public static let linux612 = Self(
        amounts: [.boost, .min, .low, .high, .promo, .spanned, .present, .managed, .cma],
        nodeCounterNames: linux61.nodeCounterNames.inserting("nr_iommu_pages", after: "nr_sec_page_table_pages")
            + ["pgdemote_kswapd", "pgdemote_direct", "pgdemote_khugepaged"],
        counterNames: linux61.counterNames.inserting("nr_unaccepted", after: "nr_free_cma"))

    /// 6.18.
    public static let linux618 = Self(
        amounts: linux612.amounts, alignsPagesets: true, hasPagesetLimits: true,
        nodeCounterNames: linux612.nodeCounterNames.removing("nr_writeback_temp")
            .inserting("pgpromote_candidate_nrl", after: "pgpromote_candidate")
            + ["pgdemote_proactive", "nr_hugetlb", "nr_balloon_pages", "nr_kernel_file_pages"],
        counterNames: linux612.counterNames.removing("nr_bounce", "nr_unaccepted")
            .inserting("nr_free_pages_blocks", after: "nr_free_pages"))
}

/// Deriving one kernel's list of counters from an earlier one's.
extension [String] {
    fileprivate func replacing(_ name: String, with names: String...) -> Self { flatMap { $0 == name ? names : [$0] } }

    fileprivate func removing(_ names: String...) -> Self { filter { !names.contains($0) } }

    fileprivate func inserting(_ name: String, after other: String) -> Self {
        flatMap { $0 == other ? [$0, name] : [$0] }
    }
}
