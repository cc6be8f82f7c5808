import Topology

/// Where tasks with a memory policy want their pages, learnt from where they got them: no trace says so.
///
/// A request that got another node than it was expected to is remembered with its task and mask; the next such request is
/// expected there. One that got its CPU's own node after all makes the guess forgotten.
struct PolicyGuess {
    private struct Key: Hashable {
        var task: UInt32
        var mask: UInt32
    }

    private var nodes: [Key: NodeID] = [:]
    /// Traces may name any number of tasks.
    private static let limit = 1 << 16

    func node(task: UInt32, mask: UInt32) -> NodeID? { nodes[Key(task: task, mask: mask)] }

    mutating func saw(_ node: NodeID, own: NodeID, task: UInt32, mask: UInt32) {
        let key = Key(task: task, mask: mask)
        if node == own {
            nodes[key] = nil
        } else {
            if nodes.count >= Self.limit { nodes.removeAll() }
            nodes[key] = node
        }
    }
}
