@testable import MachineSources
import Testing
import Topology

/// Sources that lack what others have: a figure that is there is used, and one that is not is assumed and said.
@Suite struct PartialSourceTests {
    private static let lscpu = """
        Architecture:            x86_64
        CPU(s):                  8
        On-line CPU(s) list:     0-7
        NUMA node(s):            3
        NUMA node0 CPU(s):       0-3
        NUMA node1 CPU(s):       4-7
        NUMA node2 CPU(s):

        """

    /// MiB of a node, and what of it is free.
    private func amounts(_ machine: SourcedMachine, _ node: Int) -> (managed: Int, free: Int) {
        let zones = machine.snapshot.zones.filter { $0.span.node == NodeID(node) }
        if zones.isEmpty {
            let spans = machine.snapshot.topology.zoneSpans().filter { $0.node == NodeID(node) }
            return (spans.reduce(0) { $0 + $1.managed } / 256, 0)
        }
        return (zones.reduce(0) { $0 + $1.span.managed } / 256, zones.reduce(0) { $0 + ($1.freePages ?? 0) } / 256)
    }

    @Test func `all memory and all that is free are shared out where no node has a figure`() throws {
        let machine = try Sources.load(Self.lscpu + "MemTotal:       8388608 kB\nMemFree:        2097152 kB\n")
        // A node without CPUs would not be on-line without memory.
        for node in [0, 1, 2] {
            let (managed, free) = amounts(machine, node)
            #expect((2725...2731).contains(managed) && (679...683).contains(free), "\(node): \(managed) \(free)")
        }
        #expect(machine.says(.assumed, "8192 MiB (MemTotal) are shared out alike among the 3 nodes"))
    }

    @Test func `what lsmem lists is shared out among nodes that lscpu names`() throws {
        let machine = try Sources.load(
            Self.lscpu + """
                RANGE                                  SIZE  STATE REMOVABLE  BLOCK
                0x0000000000000000-0x000000007fffffff    2G online       yes   0-15
                0x0000000100000000-0x000000027fffffff    6G online       yes  32-79

                """)
        // In whole blocks of 128 MiB, the first node's lowest.
        #expect([0, 1, 2].allSatisfy { (2680...2752).contains(amounts(machine, $0).managed) })
        #expect(machine.zone(0, "Normal")?.start.rawValue == 1 << 20)
        #expect(machine.zone(2, "Normal")?.end.rawValue == 0x2_8000_0000 >> 12)
        #expect(machine.says(.assumed, "(the ranges listed) are shared out"))
    }

    @Test func `what lsmem lists alone is a machine, and what is off-line is said`() throws {
        let machine = try Sources.load(
            """
            RANGE                                  SIZE   STATE REMOVABLE  BLOCK
            0x0000000000000000-0x000000007fffffff    2G  online       yes   0-15
            0x0000000100000000-0x000000013fffffff    1G  online       yes  32-39
            0x0000000140000000-0x000000017fffffff    1G offline        no  40-47

            Memory block size:       128M
            Total online memory:       3G
            Total offline memory:      1G
            """)
        #expect(machine.zone(0, "Normal")?.present == 262_144)
        #expect(machine.says(.used, "1024 MiB are off-line"))
        let nodes = try Sources.load(
            """
            RANGE                                  SIZE   STATE REMOVABLE  BLOCK NODE
            0x0000000000000000-0x000000007fffffff    2G  online       yes   0-15    0
            0x0000000100000000-0x000000017fffffff    2G offline        no  32-47    1
            """)
        #expect(nodes.snapshot.topology.nodes.map(\.id) == [0, 1])
        #expect(nodes.says(.used, "2048 MiB of node 1 are off-line"))
    }

    @Test func `a node's free memory is not all of it where meminfo says how much is free`() throws {
        let machine = try Sources.load(
            "node 0 size: 4096 MB\nnode 1 size: 12288 MB\nMemTotal: 16777216 kB\nMemFree: 4194304 kB\n")
        let (first, second) = (amounts(machine, 0).free, amounts(machine, 1).free)
        #expect(abs(first - 1024) < 16 && abs(second - 3072) < 16, "\(first) \(second)")
        #expect(machine.says(.assumed, "MemFree is shared out"))
    }

    @Test(arguments: [
        """
        [    0.000000] Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org) #1 SMP
        [    0.000000] BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable
        [    0.000000] BIOS-e820: [mem 0x000000000009fc00-0x000000000009ffff] reserved
        [    0.000000] BIOS-e820: [mem 0x0000000000100000-0x00000000bfffffff] usable
        [    0.000000] BIOS-e820: [mem 0x0000000100000000-0x000000013fffffff] usable

        """,
        """
        [    0.000000] Linux version 2.6.32-5-amd64 (Debian 2.6.32-48)
        [    0.000000] BIOS-provided physical RAM map:
        [    0.000000]  BIOS-e820: 0000000000000000 - 000000000009fc00 (usable)
        [    0.000000]  BIOS-e820: 0000000000100000 - 00000000c0000000 (usable)
        [    0.000000]  BIOS-e820: 0000000100000000 - 0000000140000000 (usable)

        """,
    ])
    func `a boot log that ends after the firmware's map is a machine of one node`(_ log: String) throws {
        let machine = try Sources.load(log)
        #expect(machine.zone(0, "Normal")?.present == 262_144)
        #expect(machine.zone(0, "DMA32")?.present == 786_432 - 4096)
        #expect(machine.says(.assumed, "the firmware's map"))
    }

    @Test func `zones whose beginnings or marks a selection of zoneinfo leaves out are laid out, and marks computed`()
        throws
    {
        let whole = Trees.zone()
        let lines = whole.split(separator: "\n", omittingEmptySubsequences: false)
        let placed = try Sources.load(whole)
        let zone = try #require(placed.snapshot.zones.first)
        let unplaced = try Sources.load(lines.filter { !$0.contains("start_pfn") }.joined(separator: "\n"))
        #expect(unplaced.snapshot.zones.first?.span.managed == zone.span.managed)
        #expect(unplaced.snapshot.zones.first?.freePages == zone.freePages)
        #expect(unplaced.says(.assumed, "(start_pfn)"))
        let marks = ["min ", "low ", "high ", "boost ", "promo "]
        let unmarked = try Sources.load(
            lines.filter { line in !marks.contains { line.drop { $0 == " " }.hasPrefix($0) } }.joined(separator: "\n"))
        #expect(unmarked.snapshot.zones.first?.watermarks == nil)
        #expect(unmarked.says(.assumed, "has no min, low and high"))
        #expect(try unmarked.machine().freePages == zone.freePages)
        // One of them missing is damage.
        #expect(throws: (any Error).self) {
            try Sources.load(lines.filter { !$0.drop { $0 == " " }.hasPrefix("low ") }.joined(separator: "\n"))
        }
    }

    @Test func `a PC's memory is cut below 4 GiB where QEMU cuts it`() throws {
        func end(_ arguments: String) throws -> Int {
            let zone = try Sources.load("qemu-system-x86_64 \(arguments)\n").zone(0, "DMA32")
            return ((zone?.present ?? 0) + 4096) >> 18
        }
        // In GiB, rounded down.
        #expect(try end("-machine q35 -m 6G") == 2)
        #expect(try end("-machine pc -m 6G") == 3)
        #expect(try end("-M q35 -m 2560M") == 2)
        #expect(try Sources.load("qemu-system-x86_64 -m 3328M\n").zone(0, "Normal") == nil)
    }
}
