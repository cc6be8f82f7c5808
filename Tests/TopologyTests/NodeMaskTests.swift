import Testing

@testable import Topology

@Suite struct NodeMaskTests {
    @Test(arguments: [[0], [63], [64], [1023], [0, 1, 63, 64, 127, 128, 1023]])
    func `a mask has the nodes put in, and no others`(nodes: [Int]) {
        let mask = NodeMask(nodes.map { NodeID($0) })
        #expect(mask.nodes == nodes.map { NodeID($0) })
        #expect(!mask.isEmpty)
    }

    @Test func `a mask does not remember what was taken out`() {
        var mask = NodeMask([3, 700])
        mask.remove(700)
        #expect(mask == NodeMask([3]))
        #expect(mask.hashValue == NodeMask([3]).hashValue)
        mask.remove(3)
        #expect(mask.isEmpty && mask == NodeMask())
        #expect(NodeMask([700]) == NodeMask([700]) && NodeMask([700]) != NodeMask([701]))
    }
}
