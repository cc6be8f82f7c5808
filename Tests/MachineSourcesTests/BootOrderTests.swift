import Foundation
import KernelLog
@testable import MachineSources
import SourceText
import TestSupport
import Testing
import Topology

@Suite struct BootOrderTests {
    /// With the distances that the virtual machine was given, which the log does not have.
    @Test(.enabled(if: SharedMaterial.has("oracle/failures")))
    func `printed fallback orders are ours`() throws {
        let logs = SharedMaterial.files(in: "oracle/failures", endingIn: ".boot.log")
        #expect(!logs.isEmpty)
        for path in logs {
            let log = BootLog(try Data(contentsOf: SharedMaterial.root.appendingPathComponent(path)))
            let truth = try JSONDocument.load(
                SharedMaterial.root.appendingPathComponent(path.dropLast(".boot.log".count) + ".json").path)
            let rows = (truth.root["qemu"]?["distance"]?.array ?? []).map { row in
                (row.array ?? []).map { UInt8($0.int ?? 0) }
            }
            let distances = rows.isEmpty ? nil : DistanceMatrix(nodes: rows.indices.map { NodeID($0) }, rows: rows)
            let check = BootOrderCheck(log, distances: distances)
            #expect(check.agrees, "\(path): \(check.sentence)")
            #expect(check.nodes.count == log.fallbackOrder.count)
        }
    }

    @Test func `an order that is not ours is named`() {
        let log = BootLog("Fallback order for Node 0: 0 1\nFallback order for Node 1: 0 1\n")
        let check = BootOrderCheck(log)
        #expect(!check.agrees)
        #expect(check.nodes.last == .init(node: 1, printed: [0, 1], computed: [1, 0]))
        #expect(check.sentence.contains("node 1"))
    }

    @Test func `distances are said to be missing`() {
        let order = (0..<3).map { "Fallback order for Node \($0): \($0) \(($0 + 1) % 3) \(($0 + 2) % 3)\n" }.joined()
        #expect(BootOrderCheck(BootLog(order)).distancesAreAssumed)
        #expect(!BootOrderCheck(BootLog("nothing")).agrees)
    }
}
