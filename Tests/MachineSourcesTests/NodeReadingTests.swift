import BuddyEngine
import Foundation
import KernelText
import MachineSources
import TestSupport
import Testing
import Topology

/// Nodes, CPUs and distances: through a scripted libnuma, from sysfs, from numactl's output.
@Suite struct NodeReadingTests {
    /// A libnuma that says what it is told to.
    private struct ScriptedLibrary: NUMALibrary {
        var isAvailable = true
        var nodes: [NodeID] = [0, 4]
        var cpusByNode: [NodeID: [CPUID]] = [0: [0, 1], 4: []]
        var sizes: [NodeID: Int] = [:]
        var distances: [[UInt8?]] = [[10, 17], [28, 10]]

        func cpus(of node: NodeID) -> [CPUID]? { cpusByNode[node] }
        func size(of node: NodeID) -> Int? { sizes[node] }
        func distance(from: NodeID, to: NodeID) -> UInt8? {
            guard let row = nodes.firstIndex(of: from), let column = nodes.firstIndex(of: to) else { return nil }
            return distances[row][column]
        }
    }

    @Test func `nodes, CPUs and distances are libnuma's where it is available`() throws {
        let snapshot = try read(["zoneinfo": Trees.zone()], library: ScriptedLibrary())
        #expect(snapshot.topology.nodes.map(\.id) == [0, 4])
        #expect(snapshot.topology.nodes.map(\.cpus) == [[0, 1], []])
        #expect(snapshot.topology.distances.rows == [[10, 17], [28, 10]])
    }

    @Test func `a distance that libnuma does not know is noted`() throws {
        let library = ScriptedLibrary(distances: [[10, nil], [28, 10]])
        let snapshot = try read(["zoneinfo": Trees.zone()], library: library)
        #expect(snapshot.topology.distances.rows == [[10, 20], [28, 10]])
        #expect(snapshot.notes.contains { $0.contains("the distance from node 0 to node 4") })
    }

    @Test func `a libnuma that is not available is said once, and sysfs is read`() throws {
        let snapshot = try read(
            Self.sysfs.merging(["proc/zoneinfo": Trees.zone()]) { $1 }, library: ScriptedLibrary(isAvailable: false))
        #expect(snapshot.notes.count { $0.contains("libnuma") } == 1)
        #expect(snapshot.topology.nodes.map(\.id) == [0, 2])
        #expect(snapshot.topology.nodes.map(\.cpus) == [[0, 1, 2, 3, 8], []])
        #expect(snapshot.topology.distances.rows == [[10, 30], [31, 10]])
    }

    @Test func `zones win over a node's size, and the difference is said`() throws {
        let library = ScriptedLibrary(nodes: [0], sizes: [0: 1 << 30], distances: [[10]])
        let snapshot = try read(["zoneinfo": Trees.zone()], library: library)
        #expect(snapshot.zones[0].span.managed == 60_000)
        #expect(
            snapshot.notes.contains(
                "node 0 has 60000 managed pages in zoneinfo and 262144 by its size; the zones are used."))
    }

    @Test func `without zoneinfo, nodes are laid out by size and the assumption is said`() throws {
        let snapshot = try read(Self.sysfs)
        #expect(snapshot.zones.isEmpty)
        let managed = snapshot.topology.nodes.map { node in
            snapshot.topology.zoneSpans().reduce(0) { $1.node == node.id ? $0 + $1.managed : $0 }
        }
        #expect(managed == [246_207, 262_144])
        // Firmware keeps 97 pages of the first MiB, which a MemTotal leaves out.
        #expect(snapshot.topology.nodes[0].memory == [0..<246_304])
        #expect(snapshot.notes.contains { $0.contains("its addresses are assumed") })
    }

    @Test(.enabled(if: SharedMaterial.has("corpus/topo/numactl")))
    func `numactl -H of real machines`() throws {
        let index = try String(
            contentsOf: SharedMaterial.root.appendingPathComponent("corpus/topo/index.tsv"), encoding: .utf8)
        var count = 0
        for line in index.split(separator: "\n").dropFirst() where line.hasPrefix("numactl/") {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            let path = "corpus/topo/\(fields[0])"
            let data = try Data(contentsOf: SharedMaterial.root.appendingPathComponent(path))
            let text = try NUMACtlText(parsing: Array(data), name: path)
            // Two files hold two outputs each, of which the index counts the lines.
            if fields[6] == "square" {
                #expect(text.nodes.count == Int(fields[2]), "\(path)")
                #expect(text.nodes.count { $0.size == 0 } == Int(fields[3]), "\(path)")
                #expect(text.nodes.count { $0.cpus?.isEmpty == true } == Int(fields[4]), "\(path)")
                let distances = Set(text.distances?.rows.flatMap { $0 } ?? [])
                #expect(distances.sorted().map(String.init).joined(separator: " ") == fields[5], "\(path)")
            }
            let snapshot = try Snapshot(numactl: text, name: path)
            #expect(snapshot.topology.distances == text.distances)
            count += 1
        }
        #expect(count >= 40)
    }

    @Test(
        arguments: [
            (["readme.txt": "hello"], "no machine in it"),
            (["sys/devices/system/node/node0/cpulist": "0-3"], "no memory sizes"),
            (
                ["zoneinfo": "Node 0, zone   Normal\n  pages free     many\n"],
                "zoneinfo:2: free is 'many', not a number"
            ),
            (["zoneinfo": Trees.zone(managed: 9, present: 8)], "managed 9 is more than present 8"),
        ])
    func `refusals name the path and say what to do`(files: [String: String], message: String) throws {
        let tree = try SavedTree(files)
        do throws(HostReadError) {
            _ = try HostReader(root: tree.root).snapshot()
            Issue.record("not refused: \(message)")
        } catch {
            #expect(error.description.hasPrefix(tree.root) && error.description.contains(message), "\(error)")
        }
        #expect(throws: HostReadError.notADirectory(path: tree.root + "/missing")) {
            try HostReader(root: tree.root + "/missing").snapshot()
        }
    }

    private func read(_ files: [String: String], library: (any NUMALibrary)? = nil) throws -> Snapshot {
        let tree = try SavedTree(files)
        return try HostReader(root: tree.root, library: library).snapshot()
    }

    private static let sysfs = [
        "sys/devices/system/node/node0/cpulist": "0-3,8\n", "sys/devices/system/node/node2/cpulist": "\n",
        "sys/devices/system/node/node0/meminfo": "Node 0 MemTotal:         984828 kB\n",
        "sys/devices/system/node/node2/meminfo": "Node 2 MemTotal:        1048576 kB\n",
        "sys/devices/system/node/node0/distance": "10 30\n", "sys/devices/system/node/node2/distance": "31 10\n",
    ]
}
