@testable import MachineSources
import Testing
import Topology

/// Boot logs as they come: of several boots, from web pages, cut, and with the lines of architectures other than x86.
@Suite struct BootVariationTests {
    private static let memory = """
        [    0.000000] Early memory node ranges
        [    0.000000]   node   0: [mem 0x0000000040000000-0x000000007fffffff]
        [    0.000000]   node   1: [mem 0x0000000080000000-0x00000000bfffffff]

        """

    @Test func `of several boots the last that describes memory counts`() throws {
        let first =
            "[    0.000000] Linux version 6.1.0-a (b@h) #1\n[    0.000000] cma: Reserved 16 MiB at 0x0\n" + Self.memory
        let second =
            "[    0.000000] Linux version 6.6.0-b (b@h) #1\n[    0.000000] Early memory node ranges\n"
            + "[    0.000000]   node   0: [mem 0x0000000040000000-0x000000005fffffff]\n"
        let both = try Sources.load(first + second)
        #expect(both.snapshot.topology.kernel.description == "6.6")
        #expect(both.snapshot.topology.nodes.count == 1)
        #expect(both.snapshot.topology.boot.cma == nil)
        #expect(both.says(.used, "2 boots"))
        let cut = try Sources.load(first + "[    0.000000] Linux version 6.6.0-b (b@h) #1\n")
        #expect(cut.snapshot.topology.kernel.description == "6.1")
        #expect(cut.snapshot.topology.nodes.count == 2)
        #expect(!cut.says(.used, "boots"))
    }

    @Test func `a web page's signs are read`() throws {
        let machine = try Sources.load(
            Self.memory
                + """
                [    0.000000] ACPI: SRAT: PXM 0 -&gt; APIC 0x00 -&gt; Node 0
                [    0.000000] ACPI: SRAT: PXM 1 -&gt; APIC 0x10 -&gt; Node 1
                """)
        #expect(machine.snapshot.topology.nodes.map(\.cpus) == [[0], [1]])
        #expect(machine.snapshot.topology.architecture == .amd64)
    }

    @Test(arguments: [
        ("smpboot: Allowing 12 CPUs, 4 hotplug CPUs", 8), ("CPU topo: Allowing 8 present CPUs plus 4 hotplug CPUs", 8),
        ("setup_percpu: NR_CPUS:64 nr_cpumask_bits:64 nr_cpu_ids:6 nr_node_ids:1", 6),
        (
            "CPU1: Booted secondary processor 0x0000000001 [0x410fd034]\n[    0.100000] CPU2: Booted secondary processor 0x2",
            3
        ),
        ("CPU1: thread -1, cpu 1, socket 0, mpidr 80000001", 2), ("Booting processor 1/1 APIC 0x1", 2),
    ])
    func `CPUs of a log that ends before they are counted`(line: String, count: Int) throws {
        let log = "[    0.000000] Early memory node ranges\n[    0.000000]   node   0: [mem 0x100000-0x3fffffff]\n"
        let machine = try Sources.load(log + "[    0.000000] " + line + "\n")
        #expect(machine.snapshot.topology.nodes[0].cpus.count == count)
    }

    @Test func `powerpc's lines tell the CPUs of each node`() throws {
        let machine = try Sources.load(
            Self.memory + "[    0.100000] numa: Node 0 CPUs: 0-3\n[    0.100000] numa: Node 1 CPUs: 4-5 7\n")
        #expect(machine.snapshot.topology.nodes.map(\.cpus) == [[0, 1, 2, 3], [4, 5, 7]])
    }

    @Test func `zones give the place of memory that no line places`() throws {
        let machine = try Sources.load(
            """
            [    0.000000] Linux version 6.1.0 (b@h) #1
            [    0.000000] Zone ranges:
            [    0.000000]   DMA32    [mem 0x0000000080000000-0x00000000ffffffff]
            [    0.000000] Memory: 1000000K/1048576K available (1K kernel code, 48576K reserved, 0K cma-reserved)
            """)
        let memory = machine.snapshot.topology.nodes[0].memory
        #expect(memory == [0x80000..<0xC0000])
        #expect(machine.says(.assumed, "from where the first zone begins"))
    }

    @Test func `32-bit ARM's old line of memory leaves out what is reserved`() throws {
        let machine = try Sources.load(
            """
            Linux version 2.6.35 (b@h) (gcc version 4.4 arm-linux) #1
            Memory: 64MB = 64MB total
            Memory: 60000k/60000k available, 5536k reserved, 0K highmem
            """)
        #expect(machine.snapshot.topology.zoneSpans().reduce(0) { $0 + $1.managed } == 15_000)
        #expect(machine.snapshot.topology.nodes[0].memory.reduce(0) { $0 + $1.pages } == 16_384)
    }

    @Test func `huge pages of boot are reported with their line`() throws {
        let machine = try Sources.load(
            Self.memory + "[    0.200000] HugeTLB: registered 1.00 GiB page size, pre-allocated 4 pages\n")
        let note = try #require(machine.notes.first { $0.text.contains("huge pages of 1.00 GiB") })
        #expect(note.kind == .notUnderstood && note.line == 4)
    }
}
