@testable import MachineSources
import PageAllocator
import Testing
import Topology

/// Whatever a boot log states is the machine's, in each form that kernels have printed it.
@Suite struct StatedFactTests {
    static let x86 = """
        [    0.000000] Linux version 6.1.0 (builder@host) #1 SMP
        [    0.000000] BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable
        [    0.000000] Zone ranges:
        [    0.000000]   DMA      [mem 0x0000000000001000-0x0000000000ffffff]
        [    0.000000]   DMA32    [mem 0x0000000001000000-0x00000000ffffffff]
        [    0.000000]   Normal   [mem 0x0000000100000000-0x000000023fffffff]
        [    0.000000] Movable zone start for each node
        [    0.000000] Early memory node ranges
        [    0.000000]   node   0: [mem 0x0000000000001000-0x000000000009efff]
        [    0.000000]   node   0: [mem 0x0000000000100000-0x000000007fffffff]
        [    0.000000]   node   1: [mem 0x0000000100000000-0x000000017fffffff]
        [    0.000000]   node   2: [mem 0x0000000180000000-0x000000023fffffff]

        """

    @Test func `the printed fallback order is the machine's, and a contradiction is told`() throws {
        let machine = try Sources.load(
            Self.x86
                + """
                [    0.100000] Fallback order for Node 0: 0 2 1
                [    0.100000] Fallback order for Node 1: 1 0 2
                [    0.100000] Fallback order for Node 2: 2 1 0
                """)
        #expect(try machine.order(of: 0) == [0, 2, 1])
        #expect(try machine.order(of: 1) == [1, 0, 2])
        #expect(machine.says(.contradiction, "alike distances would give node 0 the order 0 1 2, not 0 2 1"))
    }

    @Test func `distances from another source are used, and contradict a printed order aloud`() throws {
        let tree = try SavedTree([
            "boot.log": Self.x86 + "[    0.100000] Fallback order for Node 0: 0 2 1\n",
            "numactl.txt": """
            available: 3 nodes (0-2)
            node 0 cpus: 0 1
            node 0 size: 2047 MB
            node 0 free: 100 MB
            node distances:
            node   0   1   2
              0:  10  15  30
              1:  15  10  30
              2:  30  30  10

            """,
        ])
        let machine = try MachineSource.path("\(tree.root)/boot.log + \(tree.root)/numactl.txt").load()
        #expect(machine.snapshot.topology.distances.distance(from: 0, to: 2) == 30)
        #expect(machine.snapshot.topology.nodes[0].cpus == [0, 1])
        #expect(try machine.order(of: 0) == [0, 2, 1])
        #expect(machine.says(.contradiction, "0 1 2 follows from the distances"))
        #expect(!machine.says(.assumed, "has no distances"))
        let free = machine.snapshot.zones.filter { $0.span.node == 0 }.reduce(0) { $0 + ($1.freePages ?? 0) }
        #expect((25_598...25_600).contains(free))
    }

    @Test(arguments: [
        ("Page orders: linear mapping = 24, virtual = 16, io = 16, vmemmap = 24", 65536),
        ("percpu: Embedded 9 pages/cpu s95512 r8192 d43752 u147456", 16384),
        ("pcpu-alloc: s132232 r8192 d30584 u196608 alloc=3*65536", 65536),
        ("Dentry cache hash table entries: 524288 (order: 6, 4194304 bytes, linear)", 65536),
        ("Dentry cache hash table entries: 524288 (order: 10, 4194304 bytes, linear)", 4096),
        ("Linux version 6.5.0-1004-vendor-64k (builder@host) #4 SMP", 65536),
        ("On node 0 totalpages: 65536", 16384),
        ("Built 1 zonelists, mobility grouping on.  Total pages: 16300", 65536),
    ])
    func `the page size is told by any line that tells it`(line: String, size: Int) throws {
        let log = """
            [    0.000000] Early memory node ranges
            [    0.000000]   node   0: [mem 0x0000000040000000-0x000000007fffffff]
            [    0.000000] \(line)
            [    0.000000] psci: probing for conduit method from DT.

            """
        let machine = try Sources.load(log)
        #expect(machine.snapshot.topology.pageSize == size)
        #expect(machine.snapshot.topology.nodes[0].memory.reduce(0) { $0 + $1.pages } == (1 << 30) / size)
        #expect(!machine.says(.assumed, "page size"))
    }

    @Test(arguments: [
        ("[    1.000000] x86: Booted up 1 node, 4 CPUs", 4), ("[    1.000000] smp: Brought up 1 node, 6 CPUs", 6),
        ("[    1.000000] Brought up 2 CPUs", 2),
        ("[    1.000000] SMP: Total of 8 processors activated (1 BogoMIPS).", 8),
        ("[    1.000000] .... node  #0, CPUs:      #1\n[    1.100000] noise\n[    1.200000]  #2 #3", 4),
    ])
    func `CPUs are counted by any line that counts them`(line: String, count: Int) throws {
        let log = "[    0.000000] Early memory node ranges\n[    0.000000]   node   0: [mem 0x100000-0x3fffffff]\n"
        #expect(try Sources.load(log + line + "\n").snapshot.topology.nodes[0].cpus.count == count)
    }

    @Test func `CPUs follow the firmware's table by MPIDR, and groups of per-CPU memory`() throws {
        let ranges = """
            [    0.000000] Early memory node ranges
            [    0.000000]   node   0: [mem 0x40000000-0x7fffffff]
            [    0.000000]   node   4: [mem 0x80000000-0xbfffffff]

            """
        let table = try Sources.load(
            ranges
                + """
                [    0.000000] ACPI: NUMA: SRAT: PXM 0 -> MPIDR 0x0 -> Node 0
                [    0.000000] ACPI: NUMA: SRAT: PXM 1 -> MPIDR 0x400000 -> Node 4
                [    0.000000] ACPI: NUMA: SRAT: PXM 1 -> MPIDR 0x400100 -> Node 4
                """)
        #expect(table.snapshot.topology.nodes.map(\.cpus) == [[0], [1, 2]])
        #expect(table.snapshot.topology.architecture == .arm64)
        let groups = try Sources.load(
            ranges
                + """
                [    0.000000] pcpu-alloc: [0] 00 01 [1] 02 03
                [    0.000000] smp: Brought up 2 nodes, 4 CPUs
                """)
        #expect(groups.snapshot.topology.nodes.map(\.cpus) == [[0, 1], [2, 3]])
    }

    @Test func `what the kernel reserved and its contiguous area are taken off`() throws {
        let machine = try Sources.load(
            """
            [    0.000000] Booting Linux on physical CPU 0x0000000000 [0x411fd073]
            [    0.000000] Linux version 6.1.0 (builder@host) #1 SMP
            [    0.000000] cma: Reserved 16 MiB at 0x0000000048000000
            [    0.000000] Zone ranges:
            [    0.000000]   DMA      [mem 0x0000000040000000-0x000000004fffffff]
            [    0.000000] Early memory node ranges
            [    0.000000]   node   0: [mem 0x0000000040000000-0x000000004fffffff]
            [    0.000000] Memory: 204800K/262144K available (1K kernel code, 40960K reserved, 16384K cma-reserved)
            """)
        let zone = try #require(machine.zone(0, "DMA"))
        #expect(zone.managed == (262_144 - 40_960) / 4)
        #expect(zone.cma == 4096)
        #expect(machine.says(.used, "10240 pages"))
    }

    @Test func `forms of 2.6 and 3 are read`() throws {
        let machine = try Sources.load(
            """
            Linux version 2.6.32-5-686 (builder@host) #1 SMP
             BIOS-e820: 0000000000000000 - 000000000009fc00 (usable)
            Zone PFN ranges:
              DMA      0x00000010 -> 0x00001000
              Normal   0x00001000 -> 0x000377fe
              HighMem  0x000377fe -> 0x00040000
            Movable zone start PFN for each node
            early_node_map[2] active PFN ranges
                0: 0x00000010 -> 0x0000009f
                0: 0x00000100 -> 0x00040000
            Built 1 zonelists in Zone order, mobility grouping on.  Total pages: 259000
            Memory: 1000000k/1048576k available (1k kernel code, 40000k reserved, 1k data, 1k init, 139272k highmem)
            """)
        #expect(machine.snapshot.topology.architecture == .i386)
        #expect(machine.snapshot.topology.sysctls.numaZonelistOrder == "Zone")
        #expect(machine.zone(0, "HighMem")?.spanned == 0x40000 - 0x377FE)
        #expect(machine.zone(0, "DMA")?.present == 0x9F - 0x10 + 0xF00)
    }

    @Test func `a Movable zone begins where it is printed`() throws {
        let log = Self.x86.replacing(
            "Movable zone start for each node\n",
            with: "Movable zone start for each node\n[    0.000000]   Node 1: 0x0000000100000000\n"
                + "[    0.000000]   Node 2: 0x0000000200000000\n")
        let machine = try Sources.load(log)
        #expect(machine.zone(1, "Normal") == nil)
        #expect(machine.zone(1, "Movable")?.present == 0x80000)
        #expect(machine.zone(2, "Movable")?.present == 0x40000)
        #expect(machine.zone(0, "Movable") == nil)
        let topology = machine.snapshot.topology
        #expect(try Topology(json: .init(name: "", text: topology.json.text())) == topology)
    }

    @Test func `memory plugged in after boot is there, with its order, and nothing is said to agree`() throws {
        let machine = try Sources.load(
            """
            [    0.000000] Linux version 6.5.0 (builder@host) #1 SMP
            [    0.000000] BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable
            [    0.000000] Early memory node ranges
            [    0.000000]   node   0: [mem 0x0000000000100000-0x000000007fffffff]
            [    0.100000] Fallback order for Node 0: 0
            [    0.100000] Built 1 zonelists, mobility grouping on.  Total pages: 500000
            [   30.100000] Fallback order for Node 0: 0 2
            [   30.100000] Fallback order for Node 1: 1 2 0
            [   30.100000] Fallback order for Node 2: 2 0
            [   30.100000] Built 2 zonelists, mobility grouping on.  Total pages: 565536
            """)
        #expect(
            machine.snapshot.topology.nodes.map { $0.memory.reduce(0) { $0 + $1.pages } }.dropFirst() == [0, 65536])
        #expect(try machine.order(of: 1) == [2, 0])
        #expect(machine.notes.allSatisfy { !$0.text.contains("agrees") })
    }

    @Test func `a log that mailers folded, quoted and encoded is the same machine`() throws {
        let plain = try Sources.load(Self.x86).snapshot.topology
        let folded = Self.x86.replacing("-0x000000000009efff]", with: "=\n-0x000000000009efff]")
            .replacing("Linux version 6.1.0 (builder@host)", with: "Linux version 6.1.0 (=3Dbuilder@host)")
        #expect(try Sources.load(folded).snapshot.topology.nodes == plain.nodes)
        let quoted = Self.x86.split(separator: "\n").map { "> " + $0 }.joined(separator: "\n")
        #expect(try Sources.load(quoted).snapshot.topology.nodes == plain.nodes)
        let journal = Self.x86.split(separator: "\n").map { line in
            "Mar 02 00:00:22 host kernel: " + line.drop { $0 != "]" }.dropFirst(2)
        }.joined(separator: "\n")
        #expect(try Sources.load(journal).snapshot.topology.nodes == plain.nodes)
    }

    @Test func `a log without its beginning is read by what is left`() throws {
        let machine = try Sources.load(
            """
            [    0.000000] Initmem setup node 0 [mem 0x0000000000001000-0x000000007fffffff]
            [    0.000000] Initmem setup node 1 [mem 0x0000000100000000-0x000000017fffffff]
            [    0.000000] smpboot: Allowing 4 CPUs, 0 hotplug CPUs
            [    0.100000] smp: Brought up 2 nodes, 4 CPUs
            """)
        #expect(machine.snapshot.topology.nodes.map { $0.memory.count } == [1, 1])
        #expect(machine.snapshot.topology.architecture == .amd64)
        #expect(machine.says(.assumed, "does not list the memory of node 0"))
    }

    @Test func `with pages of 64 KiB huge pages raise min_free_kbytes to a twentieth of low memory`() throws {
        let machine = try Sources.load(
            #"{"architecture": "arm64", "kernel": "6.1", "pageSize": "64KiB", "nodes": [{"cpus": 4, "memory": "64GiB"}]}"#
        )
        let built = try machine.machine()
        let topology = built.topology
        #expect(topology.maximumOrder == 13 && topology.pageblockOrder == 13)
        // Less high watermarks as they were before: 2616 pages.
        let minFree = built.minFreeKbytes
        #expect(minFree == ((64 << 30) / 65536 - 2616) / 20 * 64)
    }
}
