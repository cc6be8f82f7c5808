import BuddyEngine
import GFP
import Topology

/// kswapd's work on its node, kept while others have the CPU.
struct Balancing: Hashable, Sendable {
    /// The order that it was asked for.
    var order: Order
    var highest: Int
    var passes = 0
    var pass: Pass?

    /// One call of `balance_pgdat`.
    struct Pass: Hashable, Sendable {
        /// The positions of the node's zones that count, and their boosts when the call began.
        var zones: [Int]
        var boosts: [Int]
        var boostLeft: Int
        /// The order; 0 once twice the block has been reclaimed.
        var order: Order
        var priority = ReclaimCall.gentlest
        /// Pages freed.
        var sum = 0
        var rounds = 0
        /// Whether reclaim at the present priority was interrupted.
        var isWithin = false
        /// What it has freed and scanned at this priority so far.
        var freed = 0
        var scanned = 0
    }
}

extension Machine {
    /// Runs an awake kswapd: it balances its node until that is done or hopeless, then wakes kcompactd and goes to
    /// sleep (`kswapd` and `kswapd_try_to_sleep`, mm/vmscan.c, 6.1 and 6.12).
    mutating func keepBalancing<Observer: AllocationObserver>(_ node: Int, observing observer: inout Observer) {
        while !continueBalancing(node, observing: &observer) {}
    }

    /// One step of kswapd's work, from where it was interrupted. Returns whether it has gone to sleep.
    mutating func continueBalancing<Observer: AllocationObserver>(
        _ node: Int, observing observer: inout Observer
    ) -> Bool {
        var work: Balancing
        if let current = pressure.balancing[node] {
            work = current
        } else {
            work = Balancing(
                order: reclaimers[node].order, highest: min(reclaimers[node].highestZoneIndex, zoneKinds.count - 1))
            reclaimers[node].order = 0
            reclaimers[node].highestZoneIndex = zoneKinds.count
        }
        var pass = work.pass ?? beginPass(node, work)
        let isDone = continuePass(&pass, node, highest: work.highest, observing: &observer)
        work.pass = pass
        guard isDone else {
            pressure.balancing[node] = work
            return false
        }
        endPass(pass, node, highest: work.highest, observing: &observer)
        work.pass = nil
        work.passes += 1
        // `prepare_kswapd_sleep`: a hopeless node is left to direct reclaim.
        let maySleep =
            reclaimers[node].isHopeless(after: profile.reclaim.hopelessAfter)
            || isBalanced(node: node, order: pass.order, highest: work.highest)
        if !maySleep, work.passes < PressureState.mostRounds {
            counters.kswapdHighHitQuickly += 1
            pressure.balancing[node] = work
            return false
        }
        pressure.balancing[node] = nil
        for zone in 0..<zoneCount where zones[zone].nodePosition == node && pressure.compaction[zone].forgetsSkips {
            pressure.compaction[zone].forgetSkips()
        }
        wakeKcompactd(node, order: work.order, highest: work.highest, observing: &observer)
        reclaimers[node].isAsleep = true
        observer.kswapdSlept(nodeIDs[node])
        noteKswapds()
        pressure.sleptAt[node] = pressure.now
        return true
    }

    private mutating func beginPass(_ node: Int, _ work: Balancing) -> Balancing.Pass {
        counters.kswapdRounds += 1
        let own = (0..<zoneCount).filter {
            zones[$0].nodePosition == node && zones[$0].index <= work.highest && zones[$0].managed > 0
        }
        let boosts = own.map { zones[$0].boost }
        if profile.reclaim.shortensPerCPULists {
            for zone in own { zones[zone].flags.insert(.reclaimActive) }
        }
        return Balancing.Pass(zones: own, boosts: boosts, boostLeft: boosts.reduce(0, +), order: work.order)
    }

    /// Reclaims until a zone of the node is above its high watermark for the order, raising the priority when it makes
    /// no progress, and removes watermark boosts (`balance_pgdat`). Returns whether that is done, or hopeless.
    private mutating func continuePass<Observer: AllocationObserver>(
        _ pass: inout Balancing.Pass, _ node: Int, highest: Int, observing observer: inout Observer
    ) -> Bool {
        pass.rounds += 1
        guard pass.priority >= 1, pass.rounds <= PressureState.mostRounds else {
            if pass.sum == 0 {
                reclaimers[node].failures = min(reclaimers[node].failures + 1, profile.reclaim.hopelessAfter)
            }
            return true
        }
        if !pass.isWithin {
            let isBalanced = isBalanced(node: node, order: pass.order, highest: highest)
            if !isBalanced, pass.boostLeft > 0 {
                pass.boostLeft = 0
                pass.priority = ReclaimCall.gentlest
                return false
            }
            if pass.boostLeft == 0, isBalanced { return true }
        }
        var call = ReclaimCall(
            reason: .kswapd, node: nodeIDs[node], order: pass.order, highestZoneIndex: highest, gfp: [],
            priority: pass.priority,
            target: pass.zones.reduce(0) { $0 + max(zones[$1].effectiveWatermark(.high), ReclaimCall.cluster) })
        call.mayWrite = pass.boostLeft == 0
        call.maySwap = pass.boostLeft == 0
        call.cpu = topology.nodes[node].cpus.first
        call.mostFolios = pressure.cpu?.foliosToNextTick
        let scannedBefore = counters.pagesScannedByKswapd
        let freed = shrinkNodeOnce(call, position: node, observing: &observer)
        pass.freed += freed
        pass.scanned += max(counters.pagesScannedByKswapd - scannedBefore, freed)
        pass.isWithin =
            reclaimHook?.isInterrupted(on: call.node) == true
            || freed > 0 && reclaimHook?.scansByPriority == true && shouldContinue(call, node: node)
        if !pass.isWithin { conclude(&pass, target: call.target) }
        return false
    }

    /// Decides the next priority by the result of the last.
    private func conclude(_ pass: inout Balancing.Pass, target: Int) {
        let (freed, scanned) = (pass.freed, pass.scanned)
        (pass.freed, pass.scanned) = (0, 0)
        pass.sum += freed
        if pass.order > 0, pass.sum >= 2 * pass.order.pages { pass.order = 0 }
        let isStuckAtBoost = pass.boostLeft > 0 && pass.priority == ReclaimCall.gentlest - 2
        pass.boostLeft -= min(pass.boostLeft, freed)
        if pass.boostLeft > 0, freed == 0 { pass.priority = 0 }
        if freed == 0 || scanned < target && !isStuckAtBoost { pass.priority -= 1 }
    }

    private mutating func endPass<Observer: AllocationObserver>(
        _ pass: Balancing.Pass, _ node: Int, highest: Int, observing observer: inout Observer
    ) {
        for (zone, boost) in zip(pass.zones, pass.boosts) {
            zones[zone].flags.remove(.reclaimActive)
            zones[zone].boost -= min(zones[zone].boost, boost)
            if boost > 0 { observer.boosted(zones[zone].reference, to: zones[zone].boost) }
        }
        if pass.boosts.contains(where: { $0 > 0 }) {
            wakeKcompactd(node, order: topology.pageblockOrder, highest: highest, observing: &observer)
        }
    }

    /// Wakes kcompactd; where the CPU is shared, it waits for its turn (`wakeup_kcompactd`).
    private mutating func wakeKcompactd<Observer: AllocationObserver>(
        _ node: Int, order: Order, highest: Int, observing observer: inout Observer
    ) {
        guard pressure.cpu != nil else {
            return runKcompactd(node, order: order, highest: highest, observing: &observer)
        }
        let waiting = pressure.kcompactd[node]
        pressure.kcompactd[node] = PressureState.Compacting(
            order: max(order, waiting?.order ?? 0), highest: max(highest, waiting?.highest ?? 0))
    }

    /// Runs kcompactd once kswapd has freed enough for it to work with (`kcompactd_do_work`, mm/compaction.c).
    mutating func runKcompactd<Observer: AllocationObserver>(
        _ node: Int, order: Order, highest: Int, observing observer: inout Observer
    ) {
        guard order > 0, order <= maximumOrder else { return }
        let own = (0..<zoneCount).filter {
            zones[$0].nodePosition == node && zones[$0].index <= highest && zones[$0].managed > 0
        }
        guard own.contains(where: { wantsCompaction($0, order: order, highest: highest) }) else { return }
        counters.compactDaemonWakes += 1
        observer.wokeKcompactd(
            KcompactdWake(node: nodeIDs[node], order: order, highestZoneIndex: highest, isProactive: false))
        defer { observer.kcompactdSlept(nodeIDs[node]) }
        // Its wait begins anew, and with it the longer one after compaction in vain.
        if let now = pressure.cpu?.now { pressure.proactive[node].next = now + ProactiveCheck.interval }
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
