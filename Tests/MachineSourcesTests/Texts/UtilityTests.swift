import GFP
@testable import MachineSources
import Testing
import Topology

/// What util-linux's `lscpu` and `lsmem` print, in each of their forms.
@Suite struct UtilityTests {
    private static func nodes(_ text: String) throws -> [[Int]] {
        try Sources.load(text).snapshot.topology.nodes.map { $0.cpus.map { Int($0.rawValue) } }
    }

    /// A node without CPUs, as each form names it; tables of CPUs cannot.
    @Test(arguments: [
        "Architecture: x86_64\nNUMA node(s): 3\nNUMA node0 CPU(s): 0,2\nNUMA node1 CPU(s):\nNUMA node2 CPU(s): 1,3\n",
        "Architecture: x86_64\nNUMA node(s): 3\nNUMA node0 CPU(s): 0,2\nNUMA node1 CPU(s):   \nNUMA node2 CPU(s): 1,3\n",
        // grep's selection, and a translation.
        "NUMA node0 CPU(s):  0,2\nNUMA node1 CPU(s):\nNUMA node2 CPU(s): 1,3\n",
        "Architektur: x86_64\nNUMA-Knoten: 3\nNUMA-Knoten0 CPU(s): 0,2\nNUMA-Knoten1 CPU(s):\nNUMA-Knoten2 CPU(s): 1,3\n",
        """
        {"lscpu": [{"field": "Architecture:", "data": "x86_64"}, {"field": "NUMA node0 CPU(s):", "data": "0,2"},
         {"field": "NUMA node1 CPU(s):", "data": null}, {"field": "NUMA node2 CPU(s):", "data": "1,3"}]}
        """,
        """
        {"lscpu": [{"field": "NUMA:", "data": null, "children": [{"field": "NUMA node0 CPU(s):", "data": "0,2"},
         {"field": "NUMA node1 CPU(s):", "data": ""}, {"field": "NUMA node2 CPU(s):", "data": "1,3"}]}]}
        """,
        "available: 3 nodes (0-2)\nnode 0 cpus: 0 2\nnode 0 size: 99 MB\nnode 1 cpus:\nnode 1 size: 99 MB\nnode 2 cpus: 1 3\n",
    ])
    func `a node without CPUs is named by every form`(_ text: String) throws {
        #expect(try Self.nodes(text) == [[0, 2], [], [1, 3]])
        let machine = try Sources.load(text)
        #expect([0, 1].allSatisfy { node in machine.snapshot.topology.nodes[node].memory.isEmpty == false })
    }

    @Test(arguments: [
        "# CPU,Core,Socket,Node,,L1d\n0,0,0,0,,0\n1,0,0,1,,0\n", "# CPU,Node\n0,0\n1,1\n",
        "NODE CPU ONLINE\n   0   0    yes\n   1   1    yes\n   -   2     no\n",
        "{\"cpus\": [{\"cpu\": 0, \"node\": 0}, {\"cpu\": \"1\", \"node\": \"1\"}, {\"cpu\": 2, \"node\": null}]}\n",
    ])
    func `a table of CPUs is read by its columns, and what is off-line has no node`(_ text: String) throws {
        #expect(try Self.nodes(text) == [[0], [1]])
    }

    @Test(arguments: [
        """
        RANGE                                  SIZE  STATE REMOVABLE BLOCK NODE   ZONES
        0x0000000000000000-0x000000007fffffff    2G online       yes  0-15    0    None
        0x0000000100000000-0x000000017fffffff    2G online       yes 32-47    1  Normal
        0x0000000180000000-0x00000001ffffffff    2G online       yes 48-63    1 Movable
        """,
        """
        RANGE                                 NODE   ZONES
        0x0000000000000000-0x000000007fffffff    0    None
        0x0000000100000000-0x000000017fffffff    1  Normal
        0x0000000180000000-0x00000001ffffffff    1 Movable
        """,
        """
        RANGE="0x0000000000000000-0x000000007fffffff" STATE="online" NODE="0" ZONES="None"
        RANGE="0x0000000100000000-0x000000017fffffff" STATE="online" NODE="1" ZONES="Normal"
        RANGE="0x0000000180000000-0x00000001ffffffff" STATE="online" NODE="1" ZONES="Movable"
        """,
        """
        {"memory": [{"range": "0x0000000000000000-0x000000007fffffff", "state": "online", "node": 0, "zones": "None"},
         {"range": "0x0000000100000000-0x000000017fffffff", "state": "online", "node": 1, "zones": "Normal"},
         {"range": "0x0000000180000000-0x00000001ffffffff", "state": "online", "node": 1, "zones": "Movable"}]}
        """,
    ])
    func `memory is where lsmem says, in the node and zone that it says`(_ text: String) throws {
        let machine = try Sources.load(text)
        #expect(machine.zone(0, "DMA32")?.present == 520_192)
        #expect(machine.zone(1, "Normal")?.present == 524_288)
        #expect(machine.zone(1, "Movable")?.start == 0x18_0000)
        #expect(machine.zone(1, "Movable")?.present == 524_288)
    }

    @Test func `a saved tree says which blocks are movable`() throws {
        var files = ["sys/devices/system/memory/block_size_bytes": "80000000\n"]
        for (node, block, zone) in [(0, 0, "none"), (0, 2, "Normal"), (1, 3, "Movable")] {
            files["sys/devices/system/node/node\(node)/cpulist"] = node == 0 ? "0-1\n" : "\n"
            files["sys/devices/system/node/node\(node)/memory\(block)/online"] = "1\n"
            files["sys/devices/system/memory/memory\(block)/valid_zones"] = zone + "\n"
        }
        let tree = try SavedTree(files)
        let machine = try MachineSource.path(tree.root).load()
        #expect(machine.zone(0, "Normal")?.present == 524_288)
        #expect(machine.zone(1, "Movable")?.start == 0x18_0000)
        #expect(machine.zone(1, "Normal") == nil)
    }

    @Test func `files with their names leave a node without a list of CPUs without CPUs`() throws {
        let nodes = "/sys/devices/system/node/node"
        let sizes = (0...1).map { "\(nodes)\($0)/meminfo:Node \($0) MemTotal:  4194304 kB\n" }.joined()
        let first = "\(nodes)0/cpulist:0-3\n"
        // grep leaves empty files out, others print their names.
        for text in [first + sizes, first + "\(nodes)1/cpulist:\n" + sizes] {
            #expect(try Self.nodes(text) == [[0, 1, 2, 3], []])
        }
    }

    @Test func `a DMA32 zone in pages of 64 KiB is arm64's`() throws {
        let text = Trees.zone().replacing("zone   Normal", with: "zone    DMA32")
        let machine = try Sources.load(text, options: SourceOptions(pageSize: 65536))
        #expect(machine.snapshot.topology.architecture == .arm64)
    }

    @Test func `s390's older lsmem and a sum alone are read`() throws {
        let old = try Sources.load(
            """
            Address Range                          Size (MB)  State    Removable  Device
            ===============================================================================
            0x0000000000000000-0x000000006fffffff       1792  online   no         0-13
            0x0000000070000000-0x00000000ffffffff       2304  offline  -          14-31
            """)
        #expect(old.zone(0, "DMA32")?.end.rawValue == 0x7_0000)
        #expect(old.says(.used, "2304 MiB are off-line"))
        let sum = try Sources.load("Memory block size:       128M\nTotal online memory:      5.9G\n")
        let pages = sum.snapshot.topology.nodes[0].memory[0].pages
        #expect(abs(pages - 5_900_000 / 1000 * 262_144 / 1000) <= 1)
        #expect(sum.says(.assumed, "all memory that lsmem counts"))
    }

    @Test func `memory beyond a gap of many TiB stays in its node and zone`() throws {
        let text = """
            RANGE                                  SIZE  STATE REMOVABLE BLOCK
            0x0000000080000000-0x00000000ffffffff    2G online       yes
            0x0000400000000000-0x000040007fffffff    2G online       yes
            0x0008000000000000-0x000800007fffffff    2G online       yes
            """
        let machine = try Sources.load(text)
        let normal = try #require(machine.zone(0, "Normal"))
        #expect(normal.present == 2 * 524_288)
        #expect(machine.says(.assumed, "lower than it is stated to lie"))
        #expect(try machine.machine().freePages == 3 * 524_288)
        // What needs no moving is not moved.
        let narrow = try Sources.load(
            text.split(separator: "\n").dropLast().joined(separator: "\n"),
            options: SourceOptions(pageSize: 65536))
        #expect(narrow.zone(0, "Normal")?.end.rawValue == 0x4000_8000_0000 >> 16)
        #expect(!narrow.says(.assumed, "lower than it is stated to lie"))
    }

    @Test func `a source that is no machine of itself adds to another`() throws {
        let tree = try SavedTree([
            "nodes": "available: 1 nodes (0)\nnode 0 cpus: 0 1\nnode 0 size: 4096 MB\nnode 0 free: 100 MB\n",
            "uname": "Linux host 5.15.0-91-generic #101-Ubuntu SMP x86_64 GNU/Linux\n",
            "settings": "vm.min_free_kbytes = 45056\n",
        ])
        let paths = ["nodes", "uname", "settings"].map { "\(tree.root)/\($0)" }
        for order in [paths, paths.reversed()] {
            let topology = try MachineSource.path(order.joined(separator: " + ")).load().snapshot.topology
            #expect(topology.kernel == KernelVersion(5, 15) && topology.sysctls.minFreeKbytes == 45056)
        }
        #expect(throws: SourceRefusal.self) { try MachineSource.path(paths[1]).load() }
    }
}
