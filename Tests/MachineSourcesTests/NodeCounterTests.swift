@testable import MachineSources
import Testing
import Topology

/// Counters of nodes that a source states are printed again, not the emulator's.
@Suite struct NodeCounterTests {
    private static func node(_ hit: Int) -> String {
        "numa_hit \(hit)\nnuma_miss 7\nnuma_foreign 3\ninterleave_hit 5\nlocal_node \(hit)\nother_node 2\n"
    }

    @Test func `nodes' numastat in sysfs`() throws {
        let nodes = "sys/devices/system/node/node"
        let tree = try SavedTree([
            nodes + "0/meminfo": "Node 0 MemTotal: 1048576 kB\nNode 0 MemFree: 1024 kB\n",
            nodes + "0/numastat": Self.node(1234567), nodes + "2/numastat": Self.node(89),
            nodes + "2/meminfo": "Node 2 MemTotal: 1048576 kB\nNode 2 MemFree: 1024 kB\n",
        ])
        let read = try MachineSource.path(tree.root).load()
        let text = try #require(read.texts.numaStat?.text)
        let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(lines[0] == ["node0", "node2"])
        #expect(lines[1] == ["numa_hit", "1234567", "89"])
        #expect(lines[6] == ["other_node", "2", "2"])
        // The table, joined to the same nodes, prints itself again.
        let again = try SavedTree(["numastat.txt": text, "meminfo": "MemTotal: 2097152 kB\nMemFree: 2048 kB\n"])
        let joined = try MachineSource.path(again.root + "/meminfo + " + again.root + "/numastat.txt").load()
        #expect(joined.texts.numaStat?.text == text)
        // As a directory that has nothing else, too.
        let alone = try SavedTree(["sos_commands/numa/numastat": text])
        let beside = try MachineSource.path(again.root + "/meminfo + " + alone.root).load()
        #expect(beside.texts.numaStat?.text == text)
    }
}
