@testable import MachineSources
import Testing
import Topology

/// Figures that a boot log states once: each is used, or named as one that is not.
@Suite struct BootFigureTests {
    private static let old = """
        [    0.000000] Linux version 3.2.0-4-686-pae (b@h) (gcc version 4.6.3) #1 SMP
        [    0.000000] Zone PFN ranges:
        [    0.000000]   DMA      0x00000010 -> 0x00001000
        [    0.000000]   Normal   0x00001000 -> 0x000377fe
        [    0.000000]   HighMem  0x000377fe -> 0x000a0000
        [    0.000000] Movable zone start PFN for each node
        [    0.000000] early_node_map[2] active PFN ranges
        [    0.000000]     0: 0x00000010 -> 0x00000080
        [    0.000000]     0: 0x00000100 -> 0x000a0000
        [    0.000000] On node 0 totalpages: 655216
        [    0.000000]   DMA zone: 32 pages used for memmap
        [    0.000000]   DMA zone: 0 pages reserved
        [    0.000000]   DMA zone: 3920 pages, LIFO batch:0
        [    0.000000]   Normal zone: 1744 pages used for memmap
        [    0.000000]   Normal zone: 221486 pages, LIFO batch:31
        [    0.000000]   HighMem zone: 3345 pages used for memmap
        [    0.000000]   HighMem zone: 424689 pages, LIFO batch:31
        [    0.000000] Built 1 zonelists in Zone order, mobility grouping on.  Total pages: 650095

        """

    @Test func `old kernels' zones leave out the pages that describe theirs`() throws {
        let machine = try Sources.load(Self.old)
        #expect(machine.zone(0, "DMA")?.managed == 3920)
        #expect(machine.zone(0, "Normal")?.managed == 221_486)
        #expect(machine.zone(0, "HighMem")?.managed == 424_689)
        #expect(machine.zone(0, "Normal")?.present == 223_230)
        #expect(machine.says(.used, "Total pages: 650095"))
        #expect(!machine.notes.contains { $0.kind == .contradiction })
    }

    @Test func `batches of per-CPU lists are half as large before 4_19`() throws {
        for (kernel, batch) in [("3.2.0", 31), ("4.18.0", 31), ("4.19.0", 63)] {
            let machine = try Sources.load(
                Self.old.replacing("3.2.0-4-686-pae", with: "\(kernel)-686-pae")
                    .replacing("LIFO batch:31", with: "LIFO batch:\(batch)"))
            #expect(try machine.machine().withZone(1) { $0.pagesetBatch } == batch)
            #expect(!machine.says(.contradiction, "LIFO"))
        }
        let other = try Sources.load(
            Self.old.replacing("424689 pages, LIFO batch:31", with: "424689 pages, LIFO batch:7"))
        #expect(other.says(.contradiction, "LIFO batch:7"))
    }

    @Test func `what the kernel keeps lies in low memory, and holes are not counted`() throws {
        let machine = try Sources.load(
            Self.old
                + "[    0.000000] Memory: 2550000k/3000000k available (2904k kernel code, 70000k reserved, 1348k data, "
                + "420k init, 1712136k highmem)\n"
        )
        #expect(machine.zone(0, "HighMem")?.managed == 428_034)
        #expect(machine.zone(0, "Normal")?.managed == 223_230 - 17_500)
        #expect(machine.says(.used, "17500 pages that the kernel keeps"))
    }

    @Test func `contiguous areas of 32-bit machines are in low memory`() throws {
        let machine = try Sources.load(
            """
            [    0.000000] Booting Linux on physical CPU 0x0
            [    0.000000] Linux version 5.10.1-v7l+ (b@h) (arm-linux-gnueabihf-gcc) #1 SMP
            [    0.000000] On node 0 totalpages: 524288
            [    0.000000]   DMA zone: 1728 pages used for memmap
            [    0.000000]   DMA zone: 0 pages reserved
            [    0.000000]   DMA zone: 196608 pages, LIFO batch:63
            [    0.000000]   HighMem zone: 327680 pages, LIFO batch:63
            [    0.000000] Memory: 1900000K/2097152K available (9K kernel code, 131616K reserved, 65536K cma-reserved, 1310720K highmem)

            """)
        #expect(machine.zone(0, "HighMem")?.managed == 327_680)
        #expect(machine.zone(0, "DMA")?.cma == 16384)
        #expect(machine.zone(0, "DMA")?.managed == 196_608 - 131_616 / 4)
    }

    private static let new = """
        [    0.000000] Linux version 5.15.0-91-generic (b@h) (gcc 11.4.0) #1 SMP
        [    0.000000] Command line: BOOT_IMAGE=/vmlinuz PARAMETERS
        [    0.000000] ACPI: SRAT: Node 0 PXM 0 [mem 0x00000000-0x7fffffff]
        [    0.000000] ACPI: SRAT: Node 1 PXM 1 [mem 0x100000000-0x17fffffff]
        [    0.000000] ACPI: SRAT: Node 2 PXM 2 [mem 0x200000000-0x23fffffff]
        [    0.000000] Zone ranges:
        [    0.000000]   DMA      [mem 0x0000000000001000-0x0000000000ffffff]
        [    0.000000]   DMA32    [mem 0x0000000001000000-0x00000000ffffffff]
        [    0.000000]   Normal   [mem 0x0000000100000000-0x000000017fffffff]
        [    0.000000] Movable zone start for each node
        [    0.000000] Early memory node ranges
        [    0.000000]   node   0: [mem 0x0000000000001000-0x000000000009efff]
        [    0.000000]   node   0: [mem 0x0000000000100000-0x000000007fffffff]
        [    0.000000]   node   1: [mem 0x0000000100000000-0x000000017fffffff]

        """

    private static func load(_ parameters: String, _ rest: String = "") throws -> SourcedMachine {
        try Sources.load(Self.new.replacing("PARAMETERS", with: parameters) + rest)
    }

    @Test func `memory of the firmware's table that the kernel does not list is told`() throws {
        #expect(try Self.load("").says(.notUnderstood, "1024 MiB of memory on node 2"))
    }

    @Test func `without a line of what is available that is said`() throws {
        #expect(try Self.load("").says(.assumed, "What the kernel keeps for itself is not printed"))
        let total = try Self.load("", "[    0.000000] Built 2 zonelists, mobility grouping on.  Total pages: 1032094\n")
        #expect(total.says(.used, "16384 pages that the kernel keeps for itself, by \"Total pages: 1032094\""))
    }

    @Test(arguments: [
        ("hugepages=512", SourceNote.Kind.notUnderstood, "hugepages=512: the log does not say"),
        ("mem=4G", .used, "mem=4G: the memory and the nodes"), ("numa_balancing=disable", .notUnderstood, "no effect"),
        ("numa=fake=4", .contradiction, "asks for 4 nodes, and the log has 3"),
        ("kernelcore=1G", .contradiction, "asks for a Movable zone, and the log lists none"),
        ("nr_cpus=4", .notUnderstood, "does not say how many CPUs came up"),
    ])
    func `each parameter about memory is used or named`(parameter: String, kind: SourceNote.Kind, words: String) throws
    {
        #expect(try Self.load(parameter).says(kind, words))
    }

    @Test func `a Movable zone that the log does not list is not there`() throws {
        let machine = try Self.load("movablecore=50%")
        #expect(machine.zone(1, "Movable") == nil)
        // A log that is cut off before that list leaves the parameter as the only statement.
        let cut = try Sources.load(
            Self.new.replacing("PARAMETERS", with: "movablecore=50%")
                .replacing("[    0.000000] Movable zone start for each node\n", with: ""))
        #expect(cut.zone(1, "Movable") != nil)
    }

    @Test func `the order of zonelists may be on the command line`() throws {
        let log = Self.new.replacing("5.15.0-91-generic", with: "4.4.0-21-generic")
        let machine = try Sources.load(log.replacing("PARAMETERS", with: "numa_zonelist_order=zone"))
        let kinds = try machine.machine().zonelist(of: 0).map(\.kind)
        #expect(kinds.first == .normal)
    }

    @Test func `figures that a log states twice are compared`() throws {
        let pages = try Self.load(
            "",
            "[    0.000000] On node 1 totalpages: 300000\n[    0.000000]   Normal zone: 300000 pages, LIFO batch:63\n")
        #expect(pages.says(.contradiction, "counts 300000 pages on node 1"))
        #expect(pages.says(.contradiction, "counts 300000 pages in zone Normal of node 1"))
        #expect(try Self.load("", "[    0.000000] Policy zone: DMA32\n").says(.contradiction, "from DMA32 on"))
        #expect(try !Self.load("", "[    0.000000] Policy zone: Normal\n").says(.contradiction, "Normal"))
    }

    @Test func `CPUs that a log does not name go on in the order of those that it names`() throws {
        let machine = try Self.load(
            "",
            """
            [    1.000000] .... node  #1, CPUs:        #1
            [    1.000000] .... node  #2, CPUs:        #2
            [    1.000000] .... node  #0, CPUs:        #3
            [    1.000000] smp: Brought up 3 nodes, 9 CPUs

            """)
        #expect(machine.snapshot.topology.nodes.map(\.cpus) == [[0, 3, 6], [1, 4, 7], [2, 5, 8]])
    }
}
