import BuddyEngine

/// The reclaim threads of all nodes, by node position. Their addresses never change: zones point to theirs.
@usableFromInline
struct KswapdTable: ~Copyable {
    let base: UnsafeMutablePointer<Machine.KswapdState>
    let count: Int

    init(_ states: [Machine.KswapdState]) {
        count = states.count
        base = .allocate(capacity: max(count, 1))
        base.initialize(from: states, count: count)
    }

    deinit {
        base.deinitialize(count: count)
        base.deallocate()
    }

    subscript(position: Int) -> Machine.KswapdState {
        get {
            precondition(position >= 0 && position < count)
            return base[position]
        }
        nonmutating _modify {
            precondition(position >= 0 && position < count)
            yield &base[position]
        }
    }

    var states: [Machine.KswapdState] { (0..<count).map { base[$0] } }
    var hasAwake: Bool { (0..<count).contains { !base[$0].isAsleep } }
}

extension Machine {
    /// A node's reclaim thread (`kswapd`, mm/vmscan.c).
    public struct KswapdState: Hashable, Sendable {
        /// The order that it was last asked for.
        public var order: Order = 0
        /// An index into the zone kinds; the number of kinds if nobody has asked.
        public var highestZoneIndex: Int
        /// Runs in a row that freed nothing.
        public var failures = 0
        /// It sleeps.
        public var isAsleep = true

        /// Whether it has given up on the node (`kswapd_test_hopeless`).
        ///
        /// - Parameters:
        ///   - limit: ``KernelProfile/ReclaimRules/hopelessAfter``.
        func isHopeless(after limit: Int) -> Bool { failures >= limit }

        /// Resets the count of failures if that makes the thread try again (`kswapd_clear_hopeless`).
        @usableFromInline
        mutating func hopeAgain(after limit: Int) {
            if isHopeless(after: limit) { failures = 0 }
        }
    }

    /// Each node's reclaim thread, in order of ``nodeIDs``.
    public internal(set) var kswapd: [KswapdState] {
        get { reclaimers.states }
        set {
            for position in newValue.indices { reclaimers[position] = newValue[position] }
            noteKswapds()
        }
    }

    /// Must be called whenever a reclaim thread falls asleep or is woken.
    mutating func noteKswapds() { hasAwakeKswapd = reclaimers.hasAwake }
}
