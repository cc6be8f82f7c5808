@testable import MachineSources
import Testing
import Topology

@Suite struct PastedTextTests {
    static let buddyinfo =
        "Node 0, zone   Normal    100     50     25      0      0      0      0      0      0      0     20\n"

    @Test func `a zoneinfo alone is a machine, and its free pages are free`() throws {
        let machine = try Sources.load(Trees.zone())
        let zone = try #require(machine.snapshot.zones.first)
        #expect(zone.freePages == 30_000)
        guard case .counts(let counts) = zone.free else { return #expect(Bool(false), "no counts") }
        #expect(counts.enumerated().reduce(0) { $0 + $1.element.total << $1.offset } == 30_000)
        #expect(machine.says(.assumed, "blocks as large as can be"))
        let built = try machine.machine()
        #expect(built.freePages == 30_000)
    }

    @Test func `several texts one after the other, with prompts and quotes, are one machine`() throws {
        let pasted =
            "root@host:~# cat /proc/zoneinfo\n" + Trees.zone() + "root@host:~# cat /proc/buddyinfo\n" + Self.buddyinfo
            + "$ sysctl -a | grep vm\nvm.min_free_kbytes = 1600\nvm.swappiness = 10\n$ uname -a\n"
            + "Linux version 6.12.1 (builder@host) #1 SMP\n"
        let plain = try Sources.load(pasted)
        #expect(plain.snapshot.topology.sysctls.swappiness == 10)
        #expect(plain.snapshot.topology.kernel.description == "6.12.1")
        guard case .counts(let counts) = plain.snapshot.zones[0].free else { return #expect(Bool(false), "no counts") }
        #expect(counts.map(\.total) == [100, 50, 25, 0, 0, 0, 0, 0, 0, 0, 20])
        let quoted = pasted.split(separator: "\n").map { "> " + $0 }.joined(separator: "\n") + "\n"
        #expect(try Sources.load(quoted).snapshot.zones == plain.snapshot.zones)
    }

    @Test func `free memory of numactl is what is free`() throws {
        let machine = try Sources.load(
            """
            $ numactl -H
            available: 2 nodes (0-1)
            node 0 cpus: 0 1
            node 0 size: 4096 MB
            node 0 free: 100 MB
            node 1 cpus: 2 3
            node 1 size: 4096 MB
            node 1 free: 4000 MB

            """)
        let free = [0, 1].map { node in
            machine.snapshot.zones.filter { $0.span.node == NodeID(node) }.reduce(0) { $0 + ($1.freePages ?? 0) }
        }
        #expect(abs(free[0] - 25_600) < 4 && abs(free[1] - 1_024_000) < 4)
        #expect(try machine.machine().freePages == free[0] + free[1])
        #expect(machine.says(.assumed, "--distances"))
        #expect(machine.distancesAreAssumed)
    }

    @Test func `distances, architecture and page size may be given`() throws {
        let text = "node 0 size: 4096 MB\nnode 1 size: 4096 MB\n"
        let options = SourceOptions(
            architecture: .arm64, pageSize: 65536, distances: try DistanceOption("10,17;17,10"))
        let machine = try Sources.load(text, options: options)
        #expect(machine.snapshot.topology.architecture == .arm64)
        #expect(machine.snapshot.topology.pageSize == 65536)
        #expect(machine.snapshot.topology.distances.distance(from: 0, to: 1) == 17)
        #expect(!machine.distancesAreAssumed && !machine.says(.assumed, "--distances"))
        #expect(throws: SourceRefusal.self) { try DistanceOption("10,20") }
        #expect(throws: SourceRefusal.self) { try DistanceOption("9") }
    }

    @Test func `numastat -m, lscpu and lsmem are read`() throws {
        let machine = try Sources.load(
            """
            Per-node system memory usage (in MBs):
                                      Node 0          Node 1           Total
                             --------------- --------------- ---------------
            MemTotal                 2048.00         4096.00         6144.00
            MemFree                   512.00         1024.00         1536.00
            Architecture:            aarch64
            NUMA node0 CPU(s):       0-3
            NUMA node1 CPU(s):       4-7
            """)
        let topology = machine.snapshot.topology
        #expect(topology.architecture == .arm64)
        #expect(topology.nodes.map { $0.cpus.count } == [4, 4])
        let free = machine.snapshot.zones.reduce(0) { $0 + ($1.freePages ?? 0) }
        #expect(abs(free - 1536 * 256) < 8)
    }

    @Test func `per-CPU lists are held and given back`() throws {
        let machine = try Sources.load(Trees.zone())
        #expect(try machine.machine().perCPUPages == 31)
        #expect(machine.snapshot.zones[0].perCPULists.first?.high == 237)
    }

    @Test func `the marks tell min_free_kbytes, and what-if starts from there`() throws {
        var machine = try Sources.load(Trees.zone())
        #expect(machine.snapshot.topology.sysctls.minFreeKbytes == 1600)
        #expect(machine.says(.used, "1600"))
        try machine.apply([SettingChange("vm.watermark_scale_factor=200")])
        let built = try machine.machine()
        let marks = built.withZone(0) { ($0.watermark(.min), $0.watermark(.low)) }
        #expect(marks == (400, 400 + 60_000 * 200 / 10_000))
    }

    @Test func `files named with their paths are a tree`() throws {
        let lines = """
            /sys/devices/system/node/node0/cpulist:0-1
            /sys/devices/system/node/node0/distance:10 17
            /sys/devices/system/node/node1/cpulist:2-3
            /sys/devices/system/node/node1/distance:17 10
            Node 0 MemTotal:        1048576 kB
            Node 1 MemTotal:        2097152 kB
            $ cat /proc/sys/vm/min_free_kbytes
            4096

            """
        let machine = try Sources.load(lines)
        let topology = machine.snapshot.topology
        #expect(topology.nodes.map(\.cpus) == [[0, 1], [2, 3]])
        #expect(topology.distances.distance(from: 0, to: 1) == 17)
        #expect(machine.sizes == [1 << 30, 2 << 30])
        #expect(topology.sysctls.minFreeKbytes == 4096)
    }

    @Test func `a second text of a kind, and lines of none, are reported`() throws {
        let machine = try Sources.load(
            "Hello,\n" + Trees.zone() + "```\n" + Self.buddyinfo + Self.buddyinfo + Trees.zone())
        let plain = try Sources.load(Trees.zone() + Self.buddyinfo)
        #expect(machine.snapshot.zones == plain.snapshot.zones)
        #expect(machine.says(.notUnderstood, "A second /proc/buddyinfo begins here"))
        #expect(machine.says(.notUnderstood, "A second /proc/zoneinfo begins here"))
        #expect(machine.notes.contains { $0.line == 1 && $0.text.contains("\"Hello,\"") })
    }

    @Test func `uname and lscpu's tables are read`() throws {
        let table = """
            Linux host 5.14.0-70.el9.aarch64 #1 SMP PREEMPT Thu Feb 24 aarch64 GNU/Linux
            node 0 size: 4096 MB
            node 1 size: 4096 MB
            CPU NODE SOCKET CORE ONLINE
              0    0      0    0 yes
              1    1      1    1 yes

            """
        let topology = try Sources.load(table).snapshot.topology
        #expect(topology.kernel.description.hasPrefix("5.14"))
        #expect(topology.architecture == .arm64)
        #expect(topology.nodes.map(\.cpus) == [[0], [1]])
        let parsable = try Sources.load(
            "node 0 size: 4096 MB\nnode 1 size: 4096 MB\n# CPU,Core,Socket,Node,,L1d\n0,0,0,1,,0\n1,1,0,0,,1\n")
        #expect(parsable.snapshot.topology.nodes.map(\.cpus) == [[1], [0]])
    }

    @Test func `a CPU on two nodes and distances that no kernel takes are reported`() throws {
        let machine = try Sources.load(
            """
            node 0 cpus: 0 1
            node 0 size: 4096 MB
            node 1 cpus: 1 2
            node 1 size: 4096 MB
            node distances:
            node   0   1
              0:   0   0
              1:   0   0

            """)
        #expect(machine.snapshot.topology.nodes.map(\.cpus) == [[0, 1], [2]])
        #expect(machine.says(.contradiction, "CPU 1 is said to be on node 0 and on node 1"))
        #expect(machine.snapshot.topology.distances.rows == [[10, 20], [20, 10]])
        #expect(machine.says(.contradiction, "no kernel accepts these distances"))
    }

    @Test func `CPUs and memory that are switched off are not there`() throws {
        let nodes = "sys/devices/system/node"
        let tree = try SavedTree([
            "\(nodes)/node0/cpulist": "0-3\n", "\(nodes)/node0/meminfo": "Node 0 MemTotal: 2097152 kB\n",
            "\(nodes)/node0/memory0/state": "", "\(nodes)/node0/memory1/state": "", "\(nodes)/node0/memory8/state": "",
            "sys/devices/system/memory/block_size_bytes": "40000000\n",
            "sys/devices/system/memory/memory8/state": "offline\n", "sys/devices/system/cpu/online": "0,2-3\n",
        ])
        let node = try MachineSource.path(tree.root).load().snapshot.topology.nodes[0]
        #expect(node.cpus == [0, 2, 3])
        #expect(node.memory == [0..<0x80000])
    }

    @Test func `a directory of logs is read as an archive is`() throws {
        let tree = try SavedTree(["vmcore-dmesg.txt": StatedFactTests.x86, "kexec-dmesg.log": "nothing\n"])
        #expect(try MachineSource.path(tree.root).load().snapshot.topology.nodes.count == 3)
        let logs = try SavedTree(["my.log": StatedFactTests.x86])
        let machine = try MachineSource.path(logs.root).load()
        #expect(machine.snapshot.topology.nodes.count == 3)
        #expect(machine.says(.used, "Of the directory, my.log was used"))
    }

    @Test(arguments: [
        "Nov 27 08:01:02 box collect.sh[123]: ", "2026-11-27T08:01:02.123456+00:00 box collect: ",
        "2026-11-27T08:01:02Z ", "Nov  7 08:01:02 ",
    ])
    func `what a logger put before each line is taken off`(prefix: String) throws {
        let text = """
            available: 2 nodes (0-1)
            node 0 cpus: 0 1
            node 0 size: 1024 MB
            node 0 free: 300 MB
            node 1 cpus: 2 3
            node 1 size: 2048 MB
            node 1 free: 1000 MB
            node distances:
            node   0   1
              0:  10  17
              1:  17  10
            """
        let lines = text.split(separator: "\n").map { prefix + $0 }
        let machine = try Sources.load(lines.joined(separator: "\n"))
        let topology = machine.snapshot.topology
        #expect(topology.nodes.map(\.cpus) == [[0, 1], [2, 3]])
        #expect(topology.distances.rows == [[10, 17], [17, 10]])
        let free = machine.snapshot.zones.filter { $0.span.node == 1 }.reduce(0) { $0 + ($1.freePages ?? 0) }
        #expect(free == 256_000)
    }
}
