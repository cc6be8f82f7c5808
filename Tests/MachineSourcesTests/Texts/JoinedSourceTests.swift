import GFP
@testable import MachineSources
import Testing
import Topology

/// Sources of one machine joined by `+`: nothing that both state, and differ in, passes without a word.
@Suite struct JoinedSourceTests {
    private static let numactl = """
        available: 2 nodes (0-1)
        node 0 cpus: 0 1
        node 0 size: 4000 MB
        node 0 free: 1000 MB
        node 1 cpus: 2 3
        node 1 size: 4000 MB
        node 1 free: 3000 MB

        """

    private static let bootLog = """
        [    0.000000] Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org) #1 SMP
        [    0.000000] Zone ranges:
        [    0.000000]   DMA      [mem 0x0000000000001000-0x0000000000ffffff]
        [    0.000000]   DMA32    [mem 0x0000000001000000-0x00000000ffffffff]
        [    0.000000]   Normal   [mem 0x0000000100000000-0x000000023fffffff]
        [    0.000000] Early memory node ranges
        [    0.000000]   node   0: [mem 0x0000000000001000-0x00000000bfffffff]
        [    0.000000]   node   1: [mem 0x0000000100000000-0x000000023fffffff]
        [    0.100000] smp: Brought up 2 nodes, 8 CPUs

        """

    private func joined(_ texts: String...) throws -> SourcedMachine {
        let names = texts.indices.map { "part\($0)" }
        let tree = try SavedTree(Dictionary(uniqueKeysWithValues: zip(names, texts)))
        return try MachineSource.path(names.map { "\(tree.root)/\($0)" }.joined(separator: " + ")).load()
    }

    @Test func `sizes, free memory and settings that differ are told`() throws {
        let other = Self.numactl.replacing("0 size: 4000", with: "0 size: 9000").replacing(
            "1 free: 3000", with: "1 free: 9")
        let machine = try joined(
            Self.numactl + "vm.min_free_kbytes = 45056\n", other + "vm.min_free_kbytes = 99999\n")
        #expect(machine.says(.contradiction, "node 0 has 4000 MiB"))
        #expect(machine.says(.contradiction, "3000 MiB of node 1 are free"))
        #expect(!machine.says(.contradiction, "node 1 has"))
        #expect(machine.says(.contradiction, "different values of vm.min_free_kbytes"))
        #expect(machine.snapshot.topology.sysctls.minFreeKbytes == 45056)
        // What is the same in both is no contradiction.
        let twice = try joined(Self.numactl, Self.numactl)
        #expect(!twice.notes.contains { $0.kind == .contradiction })
    }

    @Test func `two texts of a kind that differ are told, also when one is a boot log`() throws {
        let zones = Trees.zone()
        let machine = try joined(zones, zones.replacing("nr_free_pages", with: "nr_free_pages "), Self.numactl)
        #expect(!machine.says(.contradiction, "differ in zoneinfo"))
        let changed = try joined(zones, zones.replacing("start_pfn:", with: "start_pfn: 1"))
        #expect(changed.says(.contradiction, "differ in zoneinfo"))
    }

    @Test func `a boot log's CPUs are put where another source has them, and what it contradicts is told`() throws {
        let machine = try joined(
            Self.bootLog, Self.numactl + "$ uname -r\n5.15.0-91-generic\n")
        #expect(machine.snapshot.topology.nodes.map { $0.cpus.count } == [2, 2])
        #expect(machine.snapshot.topology.kernel == KernelVersion(6, 1))
        #expect(machine.says(.contradiction, "The log counts 8 CPUs, another source 4"))
        #expect(!machine.says(.assumed, "does not say on which nodes they are"))
        #expect(machine.says(.contradiction, "The log is of Linux 6.1, not of 5.15"))
        #expect(machine.says(.contradiction, "The log gives node 0 3071 MiB, another source 4000 MiB"))
    }

    @Test func `a report of failed memory takes CPUs, distances and settings from other sources`() throws {
        let report = """
            [ 10.000000] foo: page allocation failure: order:0, mode:0x40cc0(GFP_KERNEL|__GFP_COMP), nodemask=(null)
            [ 10.000001] Mem-Info:
            [ 10.000002] Node 0 Normal free:4000kB min:8000kB low:10000kB high:12000kB present:4194304kB managed:4096000kB
            [ 10.000003] lowmem_reserve[]: 0 0
            [ 10.000004] Node 1 Normal free:8000kB min:8000kB low:10000kB high:12000kB present:4194304kB managed:4096000kB
            [ 10.000005] lowmem_reserve[]: 0 0
            [ 10.000006] Node 0 Normal: 1000*4kB (U) 0*8kB = 4000kB
            [ 10.000007] Node 1 Normal: 2000*4kB (U) 0*8kB = 8000kB

            """
        let distances = "node distances:\nnode 0 1\n 0: 10 31\n 1: 31 10\n"
        for texts in [[report, Self.numactl + distances, "vm.swappiness = 7\n"], [Self.numactl + distances, report]] {
            let machine = try texts.count == 3 ? joined(texts[0], texts[1], texts[2]) : joined(texts[0], texts[1])
            #expect(machine.snapshot.topology.nodes.map { $0.cpus.map { Int($0.rawValue) } } == [[0, 1], [2, 3]])
            #expect(machine.snapshot.topology.distances[0, 1] == 31)
            #expect(texts.count < 3 || machine.snapshot.topology.sysctls.swappiness == 7)
            #expect(machine.snapshot.zones.map(\.freePages) == [1000, 2000])
            for stale in ["A report has no distances", "A report does not say which CPUs"] {
                #expect(!machine.says(.assumed, stale))
            }
        }
    }

    @Test func `beside a description that leaves nothing open, what is not used is told`() throws {
        let whole = #"{"nodes": [{"cpus": "0-1", "memory": "4GiB"}]}"#
        #expect(try joined(whole, Self.numactl).says(.notUnderstood, "describes the machine in full: nothing of"))
        #expect(try joined(Self.numactl, whole).says(.notUnderstood, "describes the machine in full: nothing of"))
        #expect(try joined(whole, whole).says(.contradiction, "each describe a machine; the first is taken"))
    }

    @Test func `blocks that do not add up to a node's free memory are told`() throws {
        let blocks =
            "Node 0, zone    DMA32    100     50     25      0      0      0      0      0      0      0     20\n"
        let machine = try joined(Self.numactl, blocks + blocks.replacing("0, zone    DMA32", with: "1, zone   HighMem"))
        #expect(machine.says(.contradiction, "buddyinfo has 20780 free pages on node 0, another source 256000"))
        #expect(machine.says(.notUnderstood, "zone HighMem of node 1, which is not there"))
    }

    @Test func `uname -r and -m, and whether huge pages are used, are read`() throws {
        let machine = try joined(
            "$ uname -r\n5.15.0-91-generic\n$ uname -m\naarch64\n"
                + "$ cat /sys/kernel/mm/transparent_hugepage/enabled\nalways madvise [never]\n" + Self.numactl)
        let topology = machine.snapshot.topology
        #expect(topology.kernel == KernelVersion(5, 15) && topology.architecture == .arm64)
        #expect(!topology.boot.transparentHugePages)
    }

    @Test func `Red Hat's 2.6.32 has huge pages, others' have not`() throws {
        func minimum(_ release: String) throws -> Int {
            try Sources.load(Self.bootLog.replacing("6.1.0-18-amd64", with: release)).machine().minFreeKbytes
        }
        #expect(try minimum("2.6.32-5-amd64") < 12_000)
        #expect(try minimum("2.6.32-431.el6.x86_64") > 40_000)
    }
}
