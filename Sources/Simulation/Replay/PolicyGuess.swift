import Topology

/// Where tasks with a memory policy want their pages, learnt from where they got them: no trace says so.
///
/// Requests of one task with one mask are expected on the node that the last one got (`MPOL_BIND`, `MPOL_PREFERRED`), or,
/// where each of the last ones got another node, on the node that followed this one before (`MPOL_INTERLEAVE`).
struct PolicyGuess {
    private struct Key: Hashable {
        var task: UInt32
        var mask: UInt32
    }

    private struct History {
        var last: NodeID
        /// Requests in a row that got another node than the one before.
        var changes = 0
        var successors: [NodeID: NodeID] = [:]
    }

    private var histories: [Key: History] = [:]
    /// Traces may name any number of tasks.
    private static let limit = 1 << 16

    /// The node that the next request is expected on; nil: its CPU's.
    func node(task: UInt32, mask: UInt32, among nodes: [NodeID]) -> NodeID? {
        guard let history = histories[Key(task: task, mask: mask)] else { return nil }
        guard history.changes >= 2 else { return history.last }
        return history.successors[history.last] ?? nodes.first { $0 > history.last } ?? nodes.first
    }

    /// Notes which node a request got. A policy is suspected only where it would have landed elsewhere without one: other
    /// nodes also serve when memory is short.
    mutating func saw(_ node: NodeID, own: NodeID, emulated: NodeID?, task: UInt32, mask: UInt32) {
        let key = Key(task: task, mask: mask)
        guard var history = histories[key] else {
            guard node != own, emulated != node else { return }
            if histories.count >= Self.limit { histories.removeAll() }
            histories[key] = History(last: node)
            return
        }
        if node == history.last {
            history.changes = 0
            if node == own {
                histories[key] = nil
                return
            }
        } else {
            history.changes += 1
            history.successors[history.last] = node
            history.last = node
        }
        histories[key] = history
    }
}
