import BuddyEngine

/// What a trace says about a CPU's lists, kept until the request that it belongs to.
struct ListFollower {
    /// By traced CPU: blocks that `mm_page_alloc_zone_locked` has reported since its last request.
    private(set) var taken: [[TakenBlockOfTrace]] = []

    struct TakenBlockOfTrace {
        var frame: UInt64
        var order: UInt8
    }

    /// More blocks than any refill has; a trace may be damaged.
    private static let limit = 4096

    mutating func took(_ frame: UInt64, order: UInt8, cpu: UInt32) {
        while taken.count <= Int(cpu) { taken.append([]) }
        if taken[Int(cpu)].count < Self.limit {
            taken[Int(cpu)].append(TakenBlockOfTrace(frame: frame, order: order))
        }
    }

    /// Returns what has been reported for a CPU, and forgets it.
    mutating func collect(cpu: UInt32) -> [TakenBlockOfTrace] {
        guard Int(cpu) < taken.count, !taken[Int(cpu)].isEmpty else { return [] }
        defer { taken[Int(cpu)].removeAll(keepingCapacity: true) }
        return taken[Int(cpu)]
    }

    // MARK: Saving

    /// CPU, order and frame of each block, in sequence.
    var words: [UInt64] {
        taken.enumerated().flatMap { cpu, blocks in
            blocks.flatMap { [UInt64(cpu), UInt64($0.order), $0.frame] }
        }
    }

    /// Restores the blocks from ``words``; false if there are impossible CPUs or orders.
    mutating func take(words: [UInt64]) -> Bool {
        for index in stride(from: 0, to: words.count - 2, by: 3) {
            guard words[index] < UInt64(TraceEvent.cpuLimit), words[index + 1] <= UInt64(TraceEvent.largestOrder)
            else { return false }
            took(words[index + 2], order: UInt8(words[index + 1]), cpu: UInt32(words[index]))
        }
        return true
    }
}
