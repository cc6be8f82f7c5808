import BuddyEngine
import GFP
import Topology

extension Machine {
    /// kswapd awake: it balances its node until that is done or hopeless, then lets kcompactd have a look and goes to
    /// sleep (`kswapd` and `kswapd_try_to_sleep`, mm/vmscan.c, 6.1 and 6.12).
    mutating func keepBalancing<Observer: AllocationObserver>(_ node: Int, observing observer: inout Observer) {
        let order = kswapd[node].order
        let highest = min(kswapd[node].highestZoneIndex, zoneKinds.count - 1)
        kswapd[node].order = 0
        kswapd[node].highestZoneIndex = zoneKinds.count
        for _ in 0..<PressureState.mostRounds {
            let left = balance(node, order: order, highest: highest, observing: &observer)
            // `prepare_kswapd_sleep`: a hopeless node is left to direct reclaim.
            if kswapd[node].failures >= Self.mostFruitlessRounds
                || isBalanced(node: node, order: left, highest: highest)
            {
                break
            }
            counters.kswapdHighHitQuickly += 1
        }
        for zone in 0..<zoneCount where zones[zone].nodePosition == node {
            pressure.compaction[zone].skipped.removeAll(keepingCapacity: true)
        }
        runKcompactd(node, order: order, highest: highest, observing: &observer)
        kswapd[node].isAsleep = true
        pressure.sleptAt[node] = pressure.clock
    }

    /// Reclaims until a zone of the node is above its high watermark for the order, harder each time it does not get on;
    /// what fragmentation boosted comes down again (`balance_pgdat`).
    ///
    /// - Returns: The order that reclaim ended with: 0 once twice the block has been reclaimed.
    private mutating func balance<Observer: AllocationObserver>(
        _ node: Int, order: Order, highest: Int, observing observer: inout Observer
    ) -> Order {
        counters.kswapdRounds += 1
        let own = (0..<zoneCount).filter {
            zones[$0].nodePosition == node && zones[$0].index <= highest && zones[$0].managed > 0
        }
        let boosts = own.map { zones[$0].boost }
        var boostLeft = boosts.reduce(0, +)
        var order = order
        var sum = 0
        for zone in own { zones[zone].flags.insert(.reclaimActive) }
        var priority = ReclaimCall.gentlest
        var isDone = false
        for _ in 0..<PressureState.mostRounds where priority >= 1 {
            let isBalanced = isBalanced(node: node, order: order, highest: highest)
            if !isBalanced, boostLeft > 0 {
                boostLeft = 0
                priority = ReclaimCall.gentlest
                continue
            }
            isDone = boostLeft == 0 && isBalanced
            if isDone { break }
            var call = ReclaimCall(
                reason: .kswapd, node: nodeIDs[node], order: order, highestZoneIndex: highest, gfp: [],
                priority: priority,
                target: own.reduce(0) { $0 + max(zones[$1].effectiveWatermark(.high), ReclaimCall.cluster) })
            call.mayWrite = boostLeft == 0
            call.maySwap = boostLeft == 0
            call.cpu = topology.nodes[node].cpus.first
            let scannedBefore = counters.pagesScannedByKswapd
            let freed = shrinkNode(call, position: node, observing: &observer)
            sum += freed
            if order > 0, sum >= 2 * order.pages { order = 0 }
            let scanned = max(counters.pagesScannedByKswapd - scannedBefore, freed)
            let isStuckAtBoost = boostLeft > 0 && priority == ReclaimCall.gentlest - 2
            boostLeft -= min(boostLeft, freed)
            if boostLeft > 0, freed == 0 { break }
            if freed == 0 || scanned < call.target && !isStuckAtBoost { priority -= 1 }
        }
        if !isDone, sum == 0 { kswapd[node].failures = min(kswapd[node].failures + 1, Self.mostFruitlessRounds) }
        for (zone, boost) in zip(own, boosts) {
            zones[zone].flags.remove(.reclaimActive)
            zones[zone].boost -= min(zones[zone].boost, boost)
        }
        if boosts.contains(where: { $0 > 0 }) {
            runKcompactd(node, order: topology.pageblockOrder, highest: highest, observing: &observer)
        }
        return order
    }

    /// kcompactd, called when kswapd has freed enough for it to work with (`kcompactd_do_work`, mm/compaction.c).
    private mutating func runKcompactd<Observer: AllocationObserver>(
        _ node: Int, order: Order, highest: Int, observing observer: inout Observer
    ) {
        guard order > 0, order <= maximumOrder else { return }
        let own = (0..<zoneCount).filter {
            zones[$0].nodePosition == node && zones[$0].index <= highest && zones[$0].managed > 0
        }
        guard own.contains(where: { wantsCompaction($0, order: order, highest: highest) }) else { return }
        counters.compactDaemonWakes += 1
        let cpu = topology.nodes[node].cpus.first.flatMap { position(of: $0) } ?? 0
        for zone in own {
            guard !isDeferred(zone, order), wantsCompaction(zone, order: order, highest: zones[zone].index) else {
                continue
            }
            let task = CompactionTask(
                zone: zone, order: order, type: .unmovable, highest: zones[zone].index, flags: .minMark,
                isAsync: false, wholeZone: false, isDirect: false, cpu: cpu)
            switch run(task, observing: &observer) {
            case .success: resetDeferral(zone, order, isCertain: false)
            case .complete, .partialSkipped:
                drainAll()
                postpone(zone, order)
            case .skipped, .deferred, .contended: break
            }
        }
    }

    /// Whether a zone lacks a block of the order, and has room to make one.
    private func wantsCompaction(_ zone: Int, order: Order, highest: Int) -> Bool {
        !zones[zone].keeps(
            zones[zone].effectiveWatermark(.min), order: order, highest: highest, flags: [],
            free: zones[zone].buddy.counters.free)
            && isSuitableForCompaction(zone, order: order, highest: highest)
    }
}
