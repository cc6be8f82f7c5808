@testable import MachineSources
import PageAllocator
import Testing
import Topology

/// The firmware's own descriptions: affinity tables as `iasl -d` writes them, device trees; and likwid-topology's output.
@Suite struct FirmwareTableTests {
    private static func processor(_ domain: Int, enabled: Int = 1) -> String {
        """
        [030h 0048   1]                Subtable Type : 00 [Processor Local APIC/SAPIC Affinity]
        [031h 0049   1]                       Length : 10

        [032h 0050   1]      Proximity Domain Low(8) : 0\(domain)
        [033h 0051   1]                      Apic ID : 00
        [034h 0052   4]        Flags (decoded below) : 0000000\(enabled)
                                             Enabled : \(enabled)
        [039h 0057   3]    Proximity Domain High(24) : 000000

        """
    }

    private static func memory(_ domain: Int, _ base: String, _ length: String, hot: Int = 0) -> String {
        """
        [050h 0080   1]                Subtable Type : 01 [Memory Affinity]

        [052h 0082   4]             Proximity Domain : 0000000\(domain)
        [058h 0088   8]                 Base Address : \(base)
        [060h 0096   8]               Address Length : \(length)
                                             Enabled : 1
                                       Hot Pluggable : \(hot)
                                        Non-Volatile : 0

        """
    }

    private static func rows(_ topology: Topology) -> [[UInt8]] {
        topology.nodes.indices.map { row in topology.nodes.indices.map { topology.distances[row, $0] } }
    }

    private static let affinities =
        "/*\n * Intel ACPI Component Architecture\n * ACPI Data Table [SRAT]\n */\n\n"
        + "[000h 0000   4]                    Signature : \"SRAT\"    [System Resource Affinity Table]\n"
        + processor(0) + processor(3) + processor(3, enabled: 0)
        + memory(0, "0000000000000000", "00000000000A0000") + memory(0, "0000000000100000", "000000003FF00000")
        + memory(3, "0000000040000000", "0000000040000000") + memory(5, "0000000100000000", "0000000040000000")
        + memory(0, "0000000200000000", "0000000100000000", hot: 1)

    private static let distances =
        "[000h 0000   4]                    Signature : \"SLIT\"    [System Locality Information Table]\n"
        + "[024h 0036   8]                   Localities : 0000000000000006\n"
        + (0..<6).map { row in
            let bytes = (0..<6).map { $0 == row ? "0A" : row < 5 && $0 < 5 ? "15" : "1E" }
            return "[02Ch 0044   6]                 Locality   \(row) : " + bytes.prefix(4).joined(separator: " ")
                + " \\\n"
                + String(repeating: " ", count: 47) + bytes.dropFirst(4).joined(separator: " ") + "\n"
        }.joined()

    @Test func `a table with more memory than numbers can say is told, and traps nowhere`() throws {
        let entry = Self.memory(0, "0000000000000000", "000FFFFFFFFFFFFF")
        let text = Self.affinities + Self.processor(0) + String(repeating: entry, count: 5000)
        let read = try MachineSource.bytes(Array(text.utf8), name: "srat.dsl").load()
        #expect(throws: (any Error).self) { _ = try Machine(read.snapshot.topology) }
    }

    @Test func `nodes, ranges and distances of SRAT and SLIT`() throws {
        let machine = try Sources.load(Self.affinities + Self.distances)
        let topology = machine.snapshot.topology
        #expect(topology.nodes.map(\.id) == [0, 1, 2])
        #expect(topology.nodes.map(\.cpus) == [[0], [1], []])
        #expect(topology.nodes[1].memory == [0x40000..<0x80000])
        #expect(topology.nodes[0].memory == [0..<0xA0, 0x100..<0x40000])
        #expect(Self.rows(topology) == [[10, 21, 30], [21, 10, 30], [30, 30, 10]])
        #expect(topology.architecture == .amd64)
        #expect(machine.says(.used, "domains 0, 3, 5"))
        #expect(machine.says(.notUnderstood, "4096 MiB of addresses"))
        #expect(machine.kind == "the firmware's tables")
    }

    @Test func `distances alone make nodes of assumed size`() throws {
        let machine = try Sources.load(Self.distances)
        #expect(machine.snapshot.topology.nodes.count == 6)
        #expect(machine.snapshot.topology.distances[0, 5] == 30)
        #expect(machine.says(.assumed, "the size of node 0 is not stated"))
    }

    @Test func `an empty or damaged table is refused or read in part, and never crashes`() throws {
        #expect(
            try Sources.refusal(Array("[000h 0000   4]   Signature : \"SRAT\"\n".utf8))
                == "FILE: is a firmware table (SRAT, SLIT) with no entry that could be read")
        let whole = Array((Self.affinities + Self.distances).utf8)
        for length in stride(from: 0, to: whole.count, by: 97) { _ = try Sources.refusal(Array(whole.prefix(length))) }
        let huge = Self.affinities.replacing("0000000040000000", with: "FFFFFFFFFFFFFFFF")
        _ = try? Sources.load(huge)
    }

    private static let tree = """
        /dts-v1/;
        /* a board of our own */
        / {
            #address-cells = <2>;
            #size-cells = <2>;
            chosen { bootargs = "console=ttyAMA0 movablecore=256M"; };
            cpus {
                #address-cells = <1>;
                cpu0: cpu@0 { device_type = "cpu"; compatible = "arm,cortex-a72"; reg = <0x0>; numa-node-id = <0>; };
                cpu1: cpu@1 { device_type = "cpu"; compatible = "arm,cortex-a72"; reg = <0x1>; numa-node-id = <1>; };
            };
            memory@40000000 { device_type = "memory"; reg = <0x0 0x40000000 0x0 0x40000000>; numa-node-id = <0>; };
            memory@880000000 {
                device_type = "memory";
                reg = <0x8 0x80000000 0x0 0x40000000>, <0x9 0x0 0x0 0x40000000>;
                numa-node-id = <1>;
            };
            distance-map {
                compatible = "numa-distance-map-v1";
                distance-matrix = <0 0 10>, <0 1 24>, <1 1 10>;
            };
        };

        """

    @Test func `a device tree's memory, CPUs and distances`() throws {
        let machine = try Sources.load(Self.tree)
        let topology = machine.snapshot.topology
        #expect(topology.architecture == .arm64)
        #expect(topology.nodes.map(\.cpus) == [[0], [1]])
        #expect(topology.nodes[0].memory == [0x40000..<0x80000])
        #expect(topology.nodes[1].memory == [0x88_0000..<0x8C_0000, 0x90_0000..<0x94_0000])
        #expect(Self.rows(topology) == [[10, 24], [24, 10]])
        #expect(machine.zone(1, "Movable") != nil)
    }

    @Test func `a device tree that is cut off or turned inside out never crashes`() throws {
        let whole = Array(Self.tree.utf8)
        for length in stride(from: 0, to: whole.count, by: 13) { _ = try Sources.refusal(Array(whole.prefix(length))) }
        _ = try Sources.refusal(Array((Self.tree + String(repeating: "{", count: 100_000)).utf8))
        let deep = "/dts-v1/;\n/ {" + String(repeating: "a {", count: 10000)
        #expect(try Sources.refusal(Array(deep.utf8)).hasPrefix("FILE: is a device tree's source without memory"))
    }

    @Test func `likwid-topology's domains`() throws {
        let machine = try Sources.load(
            """
            --------------------------------------------------------------------------------
            CPU name:\tIntel(R) Xeon(R) CPU
            ********************************************************************************
            NUMA Topology
            ********************************************************************************
            NUMA domains:\t\t2
            --------------------------------------------------------------------------------
            Domain:\t\t\t0
            Processors:\t\t( 0 2 )
            Distances:\t\t10 21
            Free memory:\t\t1000.5 MB
            Total memory:\t\t15937.6 MB
            --------------------------------------------------------------------------------
            Domain:\t\t\t1
            Processors:\t\t( 1 3 )
            Distances:\t\t21 10
            Free memory:\t\t2000 MB
            Total memory:\t\t16125.3 MB
            --------------------------------------------------------------------------------

            """)
        let topology = machine.snapshot.topology
        #expect(topology.nodes.map(\.cpus) == [[0, 2], [1, 3]])
        #expect(Self.rows(topology) == [[10, 21], [21, 10]])
        let free = machine.snapshot.zones.filter { $0.span.node == 1 }.reduce(0) { $0 + ($1.freePages ?? 0) }
        #expect(free == 2000 << 8)
    }
}
