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

    // MARK: Saving

    func encode(into encoder: inout CheckpointEncoder) throws(TraceError) {
        try encoder.put(histories.count)
        for (key, history) in histories.sorted(by: { ($0.key.task, $0.key.mask) < ($1.key.task, $1.key.mask) }) {
            try encoder.put(UInt64(key.task))
            try encoder.put(UInt64(key.mask))
            try encoder.put(Int(history.last.rawValue))
            try encoder.put(history.changes)
            try encoder.put(
                history.successors.sorted { $0.key < $1.key }.flatMap {
                    [UInt64($0.key.rawValue), UInt64($0.value.rawValue)]
                })
        }
    }

    /// - `nodes`: Those that there are.
    mutating func decode(from decoder: inout CheckpointDecoder, nodes: [NodeID]) throws(TraceError) {
        let known = Set(nodes)
        for _ in 0..<(try decoder.integer(0...Self.limit)) {
            let key = Key(
                task: UInt32(try decoder.integer(0...Int(UInt32.max))),
                mask: UInt32(try decoder.integer(0...Int(UInt32.max))))
            var history = History(last: NodeID(try decoder.integer(0...(NodeID.limit - 1))))
            history.changes = try decoder.integer()
            let successors = try decoder.integers(0...(NodeID.limit - 1), atMost: 2 * nodes.count)
            for index in stride(from: 0, to: successors.count - 1, by: 2) {
                history.successors[NodeID(successors[index])] = NodeID(successors[index + 1])
            }
            guard known.contains(history.last), known.isSuperset(of: history.successors.values) else {
                throw decoder.damaged("a task is expected on a node that the machine lacks")
            }
            histories[key] = history
        }
    }
}
