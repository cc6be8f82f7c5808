/// Short texts in the kernel's own form, for tests that need no recording.
enum Samples {
    static let all = [
        ("zoneinfo", zoneInfo), ("old zoneinfo", oldZoneInfo), ("buddyinfo", buddyInfo), ("pagetypeinfo", pageTypeInfo),
        ("meminfo", memInfo), ("numastat", numaStat), ("numactl", numactl), ("iomem", ioMemory),
        ("version", "Linux version 6.12.9-amd64 (builder@host) #1 SMP\n"),
        ("cmdline", "BOOT_IMAGE=/boot/vmlinuz-5.4.0-99-generic movablecore=25% kernelcore=2G cma=64M@0-4G quiet\n"),
        ("cpulist", "0-3,8,12-15\n"), ("cpumap", "00000000,0000f10f\n"), ("distance", "10 20 20 20\n"),
    ]

    static let zoneInfo = """
        Node 0, zone      DMA
          per-node stats
              nr_inactive_anon 17
              nr_mapped    400
          pages free     511
                boost    100
                min      190
                low      237
                high     284
                promo    331
                spanned  4095
                present  3998
                managed  3840
                cma      0
                protection: (0, 443, 443, 443, 443)
              nr_free_pages 511
              nr_free_cma  0
              numa_hit     97
          pagesets
            cpu: 0
                      count: 31
                      high:  237
                      batch: 1
          vm stats threshold: 15
          node_unreclaimable:  1
          start_pfn:           1
        Node 0, zone    DMA32
          pages free     0
                boost    0
                min      0
                low      0
                high     0
                promo    0
                spanned  0
                present  0
                managed  0
                cma      0
                protection: (0, 0, 0, 0, 0)

        """

    static let oldZoneInfo = """
        Node 0, zone   Normal
          pages free     34683
                min      502
                low      627
                high     753
                scanned  0
                spanned  65536
                present  65536
            nr_free_pages 34683
            nr_mlock     0
                protection: (0, 0, 0)
          pagesets
            cpu: 0
                      count: 49
                      high:  90
                      batch: 15
          all_unreclaimable: 0
          start_pfn:         0
          inactive_ratio:    1

        """

    static let buddyInfo = """
        Node 0, zone      DMA      0      0      0      1      1      1      1      0      1      1      3\u{20}
        Node 0, zone   Normal   6026  19812  10138   4462   2328   1254    483    246    136     49    279\u{20}

        """

    static let pageTypeInfo = """
        Page block order: 9
        Pages per block:  512

        Free pages count per migrate type at order       0      1      2\u{20}
        Node    0, zone   Normal, type    Unmovable >100000     44     12\u{20}
        Node    0, zone   Normal, type      Movable      0      0 1234567\u{20}

        Number of blocks type     Unmovable      Movable\u{20}
        Node 0, zone   Normal          280          108\u{20}

        """

    static let memInfo = """
        MemTotal:         984828 kB
        VmallocTotal:   13743895347199 kB
        HardwareCorrupted:     0 kB
        HugePages_Total:       0
        Hugepagesize:       2048 kB

        """

    static let numaStat = """
                                   node0           node3
        numa_hit               386594585               1
        numa_miss                      0               2

        """

    static let numactl = """
        available: 2 nodes (0,3)
        node 0 cpus: 0 1
        node 0 size: 4313 MB
        node 0 free: 3614 MB
        node 3 cpus:
        node 3 size: 0 MB
        node 3 free: 0 MB
        node distances:
        node   0   3\u{20}
          0:  10  20\u{20}
          3:  21  10\u{20}

        """

    static let ioMemory = """
        00000000-00000fff : Reserved
        00001000-0009fbff : System RAM
        00100000-bfffffff : System RAM
          01000000-0166f31b : Kernel code
        100000000-13fffffff : System RAM

        """
}
