import BuddyEngine
import Testing
import Topology

@testable import MachineSources

@Suite struct NodeLayoutTests {
    @Test func `nodes of known size lie behind each other at section boundaries`() {
        let nodes = NodeLayout.layOut(
            [NodeFacts(id: 0, size: 1 << 30), NodeFacts(id: 3), NodeFacts(id: 7, size: (1 << 30) + 4096)],
            pageSize: 4096)
        #expect(nodes.map(\.id) == [0, 3, 7])
        #expect(nodes[0].memory == [PageFrame(0)..<PageFrame(1 << 18)])
        #expect(nodes[1].memory.isEmpty)
        #expect(nodes[2].memory == [PageFrame(1 << 18)..<PageFrame((1 << 18) + (1 << 18) + 1)])
    }

    @Test func `sizes beyond any machine are cut, not trapped on`() {
        let nodes = NodeLayout.layOut(
            [NodeFacts(id: 0, size: .max), NodeFacts(id: 1, size: .max), NodeFacts(id: 2, size: .max)], pageSize: 4096)
        #expect(nodes.flatMap(\.memory).allSatisfy { $0.upperBound <= PageFrame(1 << 52) })
    }
}
