import Topology

/// Guesses tasks' memory policies from the nodes that they got pages on, since no trace records policies.
///
/// Requests of a task with a mask are expected on the node of the last one (`MPOL_BIND`, `MPOL_PREFERRED`), or, if each
/// of the last ones was on a different node, on the node that followed it before (`MPOL_INTERLEAVE`).
struct PolicyGuess {
    private struct Key: Hashable {
        var task: UInt32
        var mask: UInt32
    }

    private struct History {
        var last: NodeID
        /// How many requests in a row were on a different node than the one before.
        var changes = 0
        var successors: [NodeID: NodeID] = [:]
    }

    private var histories: [Key: History] = [:]
    /// The most entries, since a trace may have any number of tasks.
    private static let limit = 1 << 16

    /// The node that the next request is expected on; nil: its CPU's.
    func node(task: UInt32, mask: UInt32, among nodes: [NodeID]) -> NodeID? {
        guard let history = histories[Key(task: task, mask: mask)] else { return nil }
        guard history.changes >= 2 else { return history.last }
        return history.successors[history.last] ?? nodes.first { $0 > history.last } ?? nodes.first
    }

    /// Notes the node of a request. A policy is suspected only if the request would have been served elsewhere without
    /// one: other nodes also serve when memory is short.
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

    /// Restores what ``encode(into:)`` wrote; `nodes` are the machine's.
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
