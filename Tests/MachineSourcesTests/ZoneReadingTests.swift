import BuddyEngine
import GFP
import MachineSources
import Testing
import Topology

/// What zoneinfo, buddyinfo and pagetypeinfo become, on small trees made for it.
@Suite struct ZoneReadingTests {
    @Test func `the boost is taken out of the marks, since zoneinfo has it in them`() throws {
        let zone = try #require(try read(["zoneinfo": Trees.zone(boost: 100)]).zones.first)
        #expect(zone.watermarks == WatermarkValues(min: 400, low: 500, high: 600, promo: 700, boost: 100))
        #expect(zone.freePages == 30_000)
        #expect(zone.perCPUPages == 31)
        #expect(zone.counters["numa_hit"] == 97)
    }

    @Test func `protection is indexed by the architecture's zones, whichever the kernel has`() throws {
        // Two zones listed of a kernel with three: Normal, HighMem, Movable.
        let text = """
            Node 0, zone   Normal
              pages free     100
                    min      10
                    low      11
                    high     12
                    scanned  0
                    spanned  1000
                    present  1000
                    protection: (0, 4038, 4040)
              pagesets
              all_unreclaimable: 0
              start_pfn:         524288
              inactive_ratio:    1
            Node 0, zone  HighMem
              pages free     100
                    min      10
                    low      11
                    high     12
                    scanned  0
                    spanned  1000
                    present  1000
                    protection: (0, 0, 7)
              pagesets
              all_unreclaimable: 0
              start_pfn:         525288
              inactive_ratio:    1

            """
        let snapshot = try read(["zoneinfo": text])
        #expect(snapshot.topology.architecture == .other)
        // DMA, DMA32, Normal, HighMem, Movable, Device
        #expect(snapshot.zones.map(\.lowmemReserve) == [[0, 0, 0, 4038, 4040, 4040], [0, 0, 0, 0, 7, 7]])
    }

    @Test func `buddyinfo gives the totals and the largest order, pagetypeinfo the types`() throws {
        let snapshot = try read([
            "zoneinfo": Trees.zone(),
            "buddyinfo": "Node 0, zone   Normal     10      5      0      1 \n",
            "pagetypeinfo": Trees.types(unmovable: "4 5 0 0", movable: "6 0 0 1"),
        ])
        #expect(snapshot.topology.maximumOrder == 3)
        #expect(snapshot.topology.pageblockOrder == 9)
        guard case .counts(let counts) = snapshot.zones[0].free else { throw Unexpected() }
        #expect(counts.map(\.total) == [10, 5, 0, 1])
        #expect(counts[0].byType == [.unmovable: 4, .movable: 6])
        #expect(counts[2].byType == [:])
        #expect(snapshot.zones[0].pageblockCounts == [.unmovable: 28, .movable: 108])
        #expect(!snapshot.notes.contains { $0.contains("scaled") })
    }

    @Test func `types read at another moment are scaled to buddyinfo's totals, and it is said`() throws {
        let snapshot = try read([
            "zoneinfo": Trees.zone(),
            "buddyinfo": "Node 0, zone   Normal     10      7      3      1 \n",
            "pagetypeinfo": Trees.types(unmovable: "1 5 0 0", movable: "2 5 0 1"),
        ])
        guard case .counts(let counts) = snapshot.zones[0].free else { throw Unexpected() }
        #expect(counts[0].byType == [.unmovable: 3, .movable: 7])
        #expect(counts[1].byType == [.unmovable: 4, .movable: 3])
        #expect(counts[2].byType == nil)
        #expect(snapshot.notes.contains { $0.contains("scaled to the sums of buddyinfo in Normal of node 0") })
    }

    @Test func `a count that the kernel stopped at 100000 is what buddyinfo leaves for it`() throws {
        let snapshot = try read([
            "zoneinfo": Trees.zone(managed: 1 << 20),
            "buddyinfo": "Node 0, zone   Normal 234567      0      0      0 \n",
            "pagetypeinfo": Trees.types(unmovable: "34 0 0 0", movable: ">100000 0 0 0"),
        ])
        guard case .counts(let counts) = snapshot.zones[0].free else { throw Unexpected() }
        #expect(counts[0].byType == [.unmovable: 34, .movable: 234_533])
    }

    @Test func `more free pages than the zone has are another machine's`() throws {
        let snapshot = try read([
            "zoneinfo": Trees.zone(), "buddyinfo": "Node 0, zone   Normal 999999      0      0      0 \n",
        ])
        guard case .counts(let counts) = snapshot.zones[0].free else { throw Unexpected() }
        #expect(counts.enumerated().reduce(0) { $0 + $1.element.total << $1.offset } == 30_000)
        #expect(snapshot.notes.contains { $0.contains("of another machine or moment") })
    }

    @Test func `settings and boot parameters are read`() throws {
        let topology = try read([
            "proc/zoneinfo": Trees.zone(), "proc/sys/vm/min_free_kbytes": "67584\n",
            "proc/sys/vm/watermark_scale_factor": "100\n", "proc/sys/vm/watermark_boost_factor": "nonsense\n",
            "proc/sys/vm/lowmem_reserve_ratio": "256\t128\t32\t0\t0\n", "proc/sys/vm/swappiness": "10\n",
            "proc/sys/vm/extfrag_threshold": "250\n", "proc/sys/vm/panic_on_oom": "1\n",
            "proc/sys/vm/oom_kill_allocating_task": "1\n",
            "proc/cmdline": "quiet movablecore=25% kernelcore=0x10M cma=64M@0-4G movable_node\n",
            "proc/version": "Linux version 6.1.0-28-amd64 (builder@host) #1 SMP\n",
        ]).topology
        #expect(topology.kernel == KernelVersion(6, 1, 0))
        #expect(topology.architecture == .amd64)
        #expect(topology.sysctls.minFreeKbytes == 67584)
        #expect(topology.sysctls.watermarkScaleFactor == 100)
        #expect(topology.sysctls.watermarkBoostFactor == 15_000)
        #expect(topology.sysctls.lowmemReserveRatio[.dma32] == 128)
        #expect(topology.sysctls.swappiness == 10 && topology.sysctls.extfragThreshold == 250)
        #expect(topology.sysctls.panicOnOOM == 1 && topology.sysctls.oomKillAllocatingTask)
        #expect(topology.boot.movableCore == .percent(25))
        #expect(topology.boot.kernelCore == .bytes(16 << 20))
        #expect(topology.boot.cma == 64 << 20)
        #expect(topology.boot.movableNode)
    }

    @Test func `the page size follows from MemTotal and the managed pages`() throws {
        let snapshot = try read(["zoneinfo": Trees.zone(), "meminfo": "MemTotal:        \(60_000 * 64) kB\n"])
        #expect(snapshot.topology.pageSize == 65536)
    }

    @Test func `ranges of memory are iomem's where they make up the zone`() throws {
        let snapshot = try read([
            "zoneinfo": Trees.zone(present: 61_000, spanned: 65_536),
            "iomem": "100000000-10d693fff : System RAM\n10e800000-10fffffff : System RAM\n",
        ])
        #expect(snapshot.topology.nodes[0].memory == [0x100000..<0x10d694, 0x10e800..<0x110000])
        #expect(!snapshot.notes.contains { $0.contains("holes") })
    }

    private func read(_ files: [String: String]) throws -> Snapshot {
        let tree = try SavedTree(files)
        return try HostReader(root: tree.root).snapshot()
    }

    private struct Unexpected: Error {}
}
