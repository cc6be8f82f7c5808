import BuddyEngine
import Foundation
import GFP
import TestSupport
import Testing
import Topology

@Suite struct SharedBootLogTests {
    @Test(
        .enabled(if: SharedMaterial.has("oracle/failures")), arguments: LogCorpus.bootLogs)
    func `nodes, CPUs and order of a boot log are those of the machine`(path: String) throws {
        let log = try #require(LogCorpus.boots[path])
        let truth = try FailureTruth(of: path)
        #expect(log.kernelRelease == truth.release.split(separator: " ").first.map(String.init))
        #expect(log.commandLine == truth.cmdline)
        #expect(log.nodes.map { Int($0.rawValue) } == Array(truth.qemu.nodes.indices))
        let topology = log.machine().topology
        #expect(topology.architecture == .amd64)
        for (node, expected) in zip(topology.nodes, truth.qemu.nodes) {
            // The firmware keeps some pages of the first and of the last node.
            let pages = node.memory.reduce(0) { $0 + $1.pages }
            #expect((expected.mib * 256 - 255...expected.mib * 256).contains(pages) || pages == 0 && expected.mib == 0)
            #expect(log.bytes(of: node.id) / 4096 == UInt64(pages))
            // The kernel of a machine that died while booting may not have come to its CPUs.
            if log.cpuCount != nil { #expect(node.cpus.map { Int($0.rawValue) } == expected.cpus) }
        }
        let withMemory = topology.nodes.filter { !$0.memory.isEmpty }.map(\.id)
        for node in log.fallbackOrder.keys.sorted() {
            let order = log.fallbackOrder[node] ?? []
            // 6.1 has memoryless nodes in the order, 6.12 has not.
            #expect(
                Set(order).isSuperset(of: withMemory) && Set(order).isSubset(of: log.nodes)
                    && Set(order).count == order.count)
            if withMemory.contains(node) { #expect(order.first == node) }
            // Near nodes come first; the kernel moves a node with CPUs back by one or two (find_next_best_node).
            guard let distance = truth.qemu.distance?[Int(node.rawValue)] else { continue }
            let distances = order.map { distance[Int($0.rawValue)] }
            #expect(zip(distances, distances.dropFirst()).allSatisfy { $0 <= $1 + 2 }, "\(node): \(order)")
        }
        #expect(log.zonelistCount.map { $0 == log.fallbackOrder.count || withMemory.count < log.nodes.count } ?? true)
        #expect(!log.zoneRanges.isEmpty)
    }

    @Test(
        .enabled(if: SharedMaterial.has("oracle/failures")))
    func `all recorded boots that got so far print their fallback order`() throws {
        let logs = LogCorpus.bootLogs.compactMap { LogCorpus.boots[$0] }
        #expect(logs.count == 148)
        #expect(logs.allSatisfy { Set($0.fallbackOrder.keys) == Set($0.nodes) })
        #expect(logs.allSatisfy { ($0.memory?.total ?? 0) > 0 && $0.totalPages != nil && !$0.firmwareMap.isEmpty })
        #expect(logs.count { $0.movableStarts.isEmpty } < logs.count)
    }
}
