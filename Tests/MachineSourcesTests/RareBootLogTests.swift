@testable import MachineSources
import Testing
import Topology

/// Boot logs of old kernels and of rare architectures, and such that begin late or are turned round.
@Suite struct RareBootLogTests {
    @Test func `page frames in decimals are read as such`() throws {
        let machine = try Sources.load(
            """
            [    0.000000] Linux version 2.6.24-server (b@h) (gcc version 4.2.3 x86_64) #1 SMP
            [    0.000000] Zone PFN ranges:
            [    0.000000]   DMA             0 ->     4096
            [    0.000000]   DMA32        4096 ->  1048576
            [    0.000000]   Normal    1048576 ->  1179648
            [    0.000000] Movable zone start PFN for each node
            [    0.000000]     Node 0: 1114112
            [    0.000000] early_node_map[3] active PFN ranges
            [    0.000000]     0:        0 ->      159
            [    0.000000]     0:      256 ->   786416
            [    0.000000]     0:  1048576 ->  1179648

            """)
        #expect(machine.zone(0, "DMA32")?.present == 786_416 - 4096)
        #expect(machine.zone(0, "Normal")?.present == 65536)
        #expect(machine.zone(0, "Movable")?.start == 1_114_112)
    }

    @Test func `Movable's beginning is read without time stamps, too`() throws {
        let machine = try Sources.load(
            """
            Linux version 3.0.101 (b@h) (gcc version 4.3.4) #1 SMP x86_64
            Zone PFN ranges:
              DMA      0x00000010 -> 0x00001000
              DMA32    0x00001000 -> 0x00100000
              Normal   0x00100000 -> 0x00140000
            Movable zone start PFN for each node
              Node 0: 0x00120000
            early_node_map[2] active PFN ranges
                0: 0x00000010 -> 0x000bf000
                0: 0x00100000 -> 0x00140000

            """)
        #expect(machine.zone(0, "Movable")?.start == 0x120000)
    }

    @Test func `page frames are as large as memory in bytes shows`() throws {
        let machine = try Sources.load(
            """
            Linux version 2.6.32 (b@h) (gcc version 4.3.5) #1 SMP ia64
            Zone PFN ranges:
              DMA      0x00000400 -> 0x00040000
              Normal   0x00040000 -> 0x00050000
            early_node_map[2] active PFN ranges
                0: 0x00000400 -> 0x0000fe00
                0: 0x00040000 -> 0x00050000
            Memory: 2000000k/2088960k available (8000k code, 88960k reserved, 4000k data, 900k init)

            """)
        let topology = machine.snapshot.topology
        #expect(topology.pageSize == 16384)
        #expect(topology.nodes[0].memory == [0x400..<0xFE00, 0x40000..<0x50000])
        #expect(machine.zone(0, "DMA")?.present == 0xFA00)
    }

    private static let nodeLines = [
        "[    0.004574]   node   0: [mem 0x0000000000100000-0x000000007fffffff]",
        "[    0.004574]   node   1: [mem 0x0000000100000000-0x000000017fffffff]",
    ]

    @Test func `nodes are read where the line above them is cut off`() throws {
        let log = Self.nodeLines + ["[    0.060002] Built 2 zonelists, mobility grouping on.  Total pages: 1030000"]
        let machine = try Sources.load(log.joined(separator: "\n"))
        #expect(machine.snapshot.topology.nodes.map(\.memory) == [[0x100..<0x80000], [0x100000..<0x180000]])
    }

    @Test func `of a log without nodes' ranges each node has the same share`() throws {
        let machine = try Sources.load(
            """
            [    0.060000] Fallback order for Node 0: 0 1
            [    0.060001] Fallback order for Node 1: 1 0
            [    0.060002] Built 2 zonelists, mobility grouping on.  Total pages: 2064384
            [    0.200000] Memory: 8128000K/8388608K available (1K kernel code, 260608K reserved, 0K cma-reserved)

            """)
        let topology = machine.snapshot.topology
        #expect(topology.nodes.map { $0.memory.reduce(0) { $0 + $1.pages } } == [1_048_576, 1_048_576])
        #expect(machine.says(.assumed, "all 2 have the same share"))
        #expect(!machine.says(.assumed, "plugged"))
    }

    @Test func `a log with the newest line first is the same machine`() throws {
        let lines =
            ["[    0.000000] Linux version 5.15.0 (b@h) #1 SMP x86_64", "[    0.004573] Early memory node ranges"]
            + Self.nodeLines
            + [
                "[    0.600001] x86: Booting SMP configuration:",
                "[    0.600002] .... node  #0, CPUs:        #1  #2  #3",
                "[    0.700002] .... node  #1, CPUs:    #4  #5", "[    0.800002]   #6  #7",
                "[    0.950000] smp: Brought up 2 nodes, 8 CPUs",
            ]
        let plain = try Sources.load(lines.joined(separator: "\n"))
        let turned = try Sources.load(lines.reversed().joined(separator: "\n"))
        #expect(plain.snapshot.topology.nodes.map(\.cpus) == [[0, 1, 2, 3], [4, 5, 6, 7]])
        #expect(turned.snapshot.topology == plain.snapshot.topology)
    }

    @Test(arguments: [
        ("Using pSeries machine description", 65536, 8, 8),
        ("radix-mmu: Page sizes from device-tree:", 65536, 8, 5),
        ("64-bit Loongson Processor probed (LA464 Core)", 16384, 11, 11),
        ("setup: Linux is running natively in 64-bit mode", 4096, 8, 8),
        ("ARCH: SUN4V", 8192, 12, 10),
    ])
    func `pages and blocks are as large as the architecture's kernels have them`(
        sign: String, page: Int, largest: Int, pageblock: Int
    ) throws {
        let machine = try Sources.load(
            """
            [    0.000000] \(sign)
            [    0.000000] Early memory node ranges
            [    0.000000]   node   0: [mem 0x0000000000000000-0x00000003ffffffff]
            [    0.000000] On node 0 totalpages: \((16 << 30) / page)

            """)
        let topology = machine.snapshot.topology
        #expect(topology.pageSize == page)
        #expect(Int(topology.maximumOrder.rawValue) == largest)
        #expect(Int(topology.pageblockOrder.rawValue) == pageblock)
    }

    @Test func `of an architecture with one page size none is assumed`() throws {
        let machine = try Sources.load(
            Self.nodeLines.joined(separator: "\n") + "\n[    0.100000] smpboot: Allowing 2 CPUs\n")
        #expect(!machine.says(.assumed, "page size"))
    }

    @Test func `contiguous areas lie where they are printed`() throws {
        let machine = try Sources.load(
            """
            [    0.000000] Booting Linux on physical CPU 0x0000000000 [0x410fd083]
            [    0.000000] Linux version 6.12.0 (b@h) #1 SMP
            [    0.000000] Reserved memory: created CMA memory pool at 0x0000000070000000, size 256 MiB
            [    0.000000] cma: Reserved 64 MiB at 0x00000001fc000000 on node 1
            [    0.000000] cma: Reserved 64 MiB at 0x00000001fc000000 on node 1
            [    0.000000] cma: Reserved 32 MiB in 2 ranges
            [    0.000000] Zone ranges:
            [    0.000000]   DMA      [mem 0x0000000040000000-0x00000000ffffffff]
            [    0.000000]   Normal   [mem 0x0000000100000000-0x00000001ffffffff]
            [    0.000000] Early memory node ranges
            [    0.000000]   node   0: [mem 0x0000000040000000-0x00000000ffffffff]
            [    0.000000]   node   1: [mem 0x0000000100000000-0x00000001ffffffff]
            [    0.000000] Memory: 6900000K/7340032K available (1K kernel code, 79584K reserved, 360448K cma-reserved)

            """)
        #expect(machine.snapshot.topology.contiguousAreas == [0x70000..<0x80000, 0x1FC000..<0x200000])
        // The area without a place is put where a kernel would put it: below what DMA must reach.
        #expect(machine.zone(0, "DMA")?.cma == 0x10000 + 0x2000)
        #expect(machine.zone(1, "Normal")?.cma == 0x4000)
        let managed = ["DMA", "Normal"].compactMap { machine.zone($0 == "DMA" ? 0 : 1, $0)?.managed }
        #expect(managed.reduce(0, +) == (6_900_000 + 360_448) / 4)
    }

    @Test func `nodes whose ends alone are printed have what the firmware's map has between them`() throws {
        let log = """
            Linux version 2.6.18-8.el5 (brewbuilder@x) (gcc version 4.1.1) #1 SMP
            BIOS-provided physical RAM map:
             BIOS-e820: 0000000000010000 - 000000000009fc00 (usable)
             BIOS-e820: 0000000000100000 - 00000000dfff0000 (usable)
             BIOS-e820: 0000000100000000 - 0000000420000000 (usable)
            SRAT: PXM 0 -> APIC 0 -> Node 0
            SRAT: PXM 1 -> APIC 1 -> Node 1
            SRAT: Node 0 PXM 0 0-220000000
            SRAT: Node 1 PXM 1 220000000-420000000
            Bootmem setup node 0 0000000000000000-0000000220000000
            Bootmem setup node 1 0000000220000000-0000000420000000
            On node 0 totalpages: 2064399
            On node 1 totalpages: 2068480
            Built 2 zonelists.  Total pages: 4132879
            Brought up 2 CPUs

            """
        let machine = try Sources.load(log)
        #expect(machine.zone(0, "DMA32")?.present == 0xDFFF0 - 0x1000)
        #expect(machine.zone(0, "Normal")?.start.rawValue == 0x10_0000)
        #expect(machine.zone(1, "Normal")?.start.rawValue == 0x22_0000)
        #expect(machine.zone(1, "Normal")?.present == 0x20_0000)
        #expect(machine.says(.used, "The memory of node 1 is what the firmware's map"))
        // Without the map, numbers of pages are laid out from where a node begins.
        let unmapped = try Sources.load(
            log.split(separator: "\n").filter { !$0.contains("e820") }.joined(separator: "\n") + "\n")
        #expect(unmapped.zone(1, "Normal")?.start.rawValue == 0x22_0000)
        #expect(unmapped.zone(1, "Normal")?.present == 2_068_480)
    }
}
