import BuddyEngine
import Topology

/// When kcompactd looks next whether a node's free memory is fragmented, by a clock in microseconds.
struct ProactiveCheck: Hashable, Sendable {
    var next: Int
    /// Checks still to be passed over where the last compaction was of no use (`proactive_defer`, 5.10).
    var passedOver = 0

    /// HPAGE_FRAG_CHECK_INTERVAL_MSEC.
    static let interval = 500_000
    /// How many intervals it leaves a node alone after it could not improve it (`1 << COMPACT_MAX_DEFER_SHIFT`).
    static let deferral = 1 << CompactionState.mostDeferShift
}

extension Machine {
    /// kcompactd wakes every half second even if nobody calls it, and compacts a whole node where hardly any free
    /// memory is in blocks of a huge page (`kcompactd` and `should_proactive_compact_node`, mm/compaction.c, since
    /// 5.9). If that did not help, it leaves the node alone for 32 seconds.
    mutating func checkFragmentation<Observer: AllocationObserver>(
        _ node: Int, at time: Int, observing observer: inout Observer
    ) {
        pressure.proactive[node].next = time + ProactiveCheck.interval
        guard reclaimers[node].isAsleep else { return }
        let before = fragmentationScore(node)
        guard isTooFragmented(before) else { return }
        if pressure.proactive[node].passedOver > 0 {
            pressure.proactive[node].passedOver -= 1
            return
        }
        observer.wokeKcompactd(
            KcompactdWake(
                node: nodeIDs[node], order: hugeOrder, highestZoneIndex: zoneKinds.count - 1, isProactive: true))
        defer { observer.kcompactdSlept(nodeIDs[node]) }
        let cpu = topology.nodes[node].cpus.first.flatMap { position(of: $0) } ?? 0
        for zone in 0..<zoneCount where zones[zone].nodePosition == node && zones[zone].managed > 0 {
            var task = CompactionTask(
                zone: zone, order: hugeOrder, type: .unmovable, highest: zones[zone].index, flags: .minMark,
                isAsync: false, wholeZone: true, isDirect: false, cpu: cpu)
            task.isProactive = true
            _ = run(task, observing: &observer)
        }
        guard fragmentationScore(node) >= before else { return }
        switch profile.reclaim.proactiveDeferral {
        case .passesOverChecks: pressure.proactive[node].passedOver = ProactiveCheck.deferral
        case .waitsLonger: pressure.proactive[node].next = time + ProactiveCheck.interval * ProactiveCheck.deferral
        }
    }

    /// When kcompactd looks first at a node, being in the middle of its wait, which is the long one where memory is
    /// fragmented already: it could not help.
    func firstFragmentationCheck(_ node: Int) -> ProactiveCheck {
        let wait = isTooFragmented(fragmentationScore(node)) ? ProactiveCheck.deferral : 1
        return ProactiveCheck(next: ProactiveCheck.interval * wait / 2)
    }

    /// Whether a node's score calls for compaction: never with `vm.compaction_proactiveness` at 0
    /// (`should_proactive_compact_node`).
    private func isTooFragmented(_ score: Int) -> Bool {
        topology.sysctls.compactionProactiveness > 0 && score > min(lowFragmentationScore + 10, 100)
    }

    /// The score, from 0 to 100, down to which a node or zone is compacted ahead of need (`fragmentation_score_wmark`).
    var lowFragmentationScore: Int { max(100 - topology.sysctls.compactionProactiveness, 5) }

    /// Whether a zone has been compacted enough ahead of need; nil: not yet (`__compact_finished`). kswapd goes first.
    func proactiveResult(_ zone: Int) -> CompactionResult? {
        let node = zones[zone].nodePosition
        if !reclaimers[node].isAsleep { return .partialSkipped }
        let score: Int
        switch profile.reclaim.proactiveDeferral {
        case .passesOverChecks: score = weightedScore(zone)
        case .waitsLonger: score = fragmentationScore(ofZone: zone)
        }
        return score > lowFragmentationScore ? nil : .success
    }

    /// `fragmentation_score_node`: from 0 to 100.
    func fragmentationScore(_ node: Int) -> Int {
        (0..<zoneCount).reduce(0) {
            $0 + (zones[$1].nodePosition == node && zones[$1].present > 0 ? weightedScore($1) : 0)
        }
    }

    /// What a zone adds to its node's score, by its size.
    private func weightedScore(_ zone: Int) -> Int {
        let node = zones[zone].nodePosition
        let present = (0..<zoneCount).reduce(0) { $0 + (zones[$1].nodePosition == node ? zones[$1].present : 0) }
        return zones[zone].present * fragmentationScore(ofZone: zone) / (present + 1)
    }

    /// The part of a zone's free pages that is not in blocks of a huge page, in hundredths (`extfrag_for_order`,
    /// mm/vmstat.c).
    private func fragmentationScore(ofZone zone: Int) -> Int {
        let free = zones[zone].fragmentation
        guard free.freePages > 0 else { return 0 }
        return (free.freePages - free.suitableBlocks(hugeOrder) << Int(hugeOrder.rawValue)) * 100 / free.freePages
    }

    /// COMPACTION_HPAGE_ORDER.
    private var hugeOrder: Order { topology.hugePageOrder ?? topology.pageblockOrder }
}
