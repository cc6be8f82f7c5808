extension ZoneInfoText.Form {
    /// 3.2, Ubuntu's configuration: counters by zone only, before the protection; no empty zones.
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

    /// 5.4, Ubuntu's configuration.
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

    /// 6.1, Debian's configuration.
    public static let linux61 = Self(
        amounts: [.boost, .min, .low, .high, .spanned, .present, .managed, .cma],
        nodeCounterNames: [
            "nr_inactive_anon", "nr_active_anon", "nr_inactive_file", "nr_active_file", "nr_unevictable",
            "nr_slab_reclaimable", "nr_slab_unreclaimable", "nr_isolated_anon", "nr_isolated_file",
            "workingset_nodes", "workingset_refault_anon", "workingset_refault_file", "workingset_activate_anon",
            "workingset_activate_file", "workingset_restore_anon", "workingset_restore_file",
            "workingset_nodereclaim", "nr_anon_pages", "nr_mapped", "nr_file_pages", "nr_dirty", "nr_writeback",
            "nr_writeback_temp", "nr_shmem", "nr_shmem_hugepages", "nr_shmem_pmdmapped", "nr_file_hugepages",
            "nr_file_pmdmapped", "nr_anon_transparent_hugepages", "nr_vmscan_write", "nr_vmscan_immediate_reclaim",
            "nr_dirtied", "nr_written", "nr_throttled_written", "nr_kernel_misc_reclaimable",
            "nr_foll_pin_acquired", "nr_foll_pin_released", "nr_kernel_stack", "nr_page_table_pages",
            "nr_sec_page_table_pages", "nr_swapcached", "pgpromote_success", "pgpromote_candidate",
        ],
        counterNames: [
            "nr_free_pages", "nr_zone_inactive_anon", "nr_zone_active_anon", "nr_zone_inactive_file",
            "nr_zone_active_file", "nr_zone_unevictable", "nr_zone_write_pending", "nr_mlock", "nr_bounce",
            "nr_zspages", "nr_free_cma", "numa_hit", "numa_miss", "numa_foreign", "numa_interleave", "numa_local",
            "numa_other",
        ])

    /// 6.12, Debian's configuration.
    public static let linux612 = Self(
        amounts: [.boost, .min, .low, .high, .promo, .spanned, .present, .managed, .cma],
        nodeCounterNames: [
            "nr_inactive_anon", "nr_active_anon", "nr_inactive_file", "nr_active_file", "nr_unevictable",
            "nr_slab_reclaimable", "nr_slab_unreclaimable", "nr_isolated_anon", "nr_isolated_file",
            "workingset_nodes", "workingset_refault_anon", "workingset_refault_file", "workingset_activate_anon",
            "workingset_activate_file", "workingset_restore_anon", "workingset_restore_file",
            "workingset_nodereclaim", "nr_anon_pages", "nr_mapped", "nr_file_pages", "nr_dirty", "nr_writeback",
            "nr_writeback_temp", "nr_shmem", "nr_shmem_hugepages", "nr_shmem_pmdmapped", "nr_file_hugepages",
            "nr_file_pmdmapped", "nr_anon_transparent_hugepages", "nr_vmscan_write", "nr_vmscan_immediate_reclaim",
            "nr_dirtied", "nr_written", "nr_throttled_written", "nr_kernel_misc_reclaimable",
            "nr_foll_pin_acquired", "nr_foll_pin_released", "nr_kernel_stack", "nr_page_table_pages",
            "nr_sec_page_table_pages", "nr_iommu_pages", "nr_swapcached", "pgpromote_success",
            "pgpromote_candidate", "pgdemote_kswapd", "pgdemote_direct", "pgdemote_khugepaged",
        ],
        counterNames: [
            "nr_free_pages", "nr_zone_inactive_anon", "nr_zone_active_anon", "nr_zone_inactive_file",
            "nr_zone_active_file", "nr_zone_unevictable", "nr_zone_write_pending", "nr_mlock", "nr_bounce",
            "nr_zspages", "nr_free_cma", "nr_unaccepted", "numa_hit", "numa_miss", "numa_foreign",
            "numa_interleave", "numa_local", "numa_other",
        ])

    /// 6.18.
    public static let linux618 = Self(
        amounts: [.boost, .min, .low, .high, .promo, .spanned, .present, .managed, .cma], alignsPagesets: true,
        hasPagesetLimits: true,
        nodeCounterNames: [
            "nr_inactive_anon", "nr_active_anon", "nr_inactive_file", "nr_active_file", "nr_unevictable",
            "nr_slab_reclaimable", "nr_slab_unreclaimable", "nr_isolated_anon", "nr_isolated_file",
            "workingset_nodes", "workingset_refault_anon", "workingset_refault_file", "workingset_activate_anon",
            "workingset_activate_file", "workingset_restore_anon", "workingset_restore_file",
            "workingset_nodereclaim", "nr_anon_pages", "nr_mapped", "nr_file_pages", "nr_dirty", "nr_writeback",
            "nr_shmem", "nr_shmem_hugepages", "nr_shmem_pmdmapped", "nr_file_hugepages", "nr_file_pmdmapped",
            "nr_anon_transparent_hugepages", "nr_vmscan_write", "nr_vmscan_immediate_reclaim", "nr_dirtied",
            "nr_written", "nr_throttled_written", "nr_kernel_misc_reclaimable", "nr_foll_pin_acquired",
            "nr_foll_pin_released", "nr_kernel_stack", "nr_page_table_pages", "nr_sec_page_table_pages",
            "nr_iommu_pages", "nr_swapcached", "pgpromote_success", "pgpromote_candidate",
            "pgpromote_candidate_nrl", "pgdemote_kswapd", "pgdemote_direct", "pgdemote_khugepaged",
            "pgdemote_proactive", "nr_hugetlb", "nr_balloon_pages", "nr_kernel_file_pages",
        ],
        counterNames: [
            "nr_free_pages", "nr_free_pages_blocks", "nr_zone_inactive_anon", "nr_zone_active_anon",
            "nr_zone_inactive_file", "nr_zone_active_file", "nr_zone_unevictable", "nr_zone_write_pending",
            "nr_mlock", "nr_zspages", "nr_free_cma", "numa_hit", "numa_miss", "numa_foreign", "numa_interleave",
            "numa_local", "numa_other",
        ])
}
