import BuddyEngine
import Topology

extension Machine {
    /// What is done every second is due as soon as somebody gives up the CPU: a machine's state takes longer to write down.
    mutating func startClocks() {
        pressure.nextTending = Array(repeating: 0, count: cpuIDs.count)
        pressure.proactive = nodeIDs.indices.map { firstFragmentationCheck($0) }
    }

    /// What the kernel does from time to time, if its time has come: a worker on each CPU that tends to its per-CPU lists and
    /// counters every second, and kcompactd. Only the CPUs that a node's kswapd shares, or those it does not.
    mutating func runWhatIsDue<Observer: AllocationObserver>(shared: Bool, observing observer: inout Observer) {
        guard let now = pressure.cpu?.now else { return }
        for cpu in cpuIDs.indices where now >= pressure.nextTending[cpu] && isTaskCPU(cpu) == shared {
            pressure.nextTending[cpu] = now + Self.second
            tendPerCPULists(cpu, observing: &observer)
        }
        for node in nodeIDs.indices where now >= pressure.proactive[node].next && sharesCPU(node) == shared {
            let before = timeCompacting
            checkFragmentation(node, at: now, observing: &observer)
            if shared {
                let time = timeCompacting - before
                pressure.cpu?.passes(time)
            }
        }
    }

    private func isTaskCPU(_ cpu: Int) -> Bool { cpu == pressure.cpu?.task }

    /// `refresh_cpu_vm_stats` (mm/vmstat.c): a CPU's part of the counts is added to the zones', lists that have grown shrink
    /// (`decay_pcp_high`, with ``KernelProfile/PerCPURules/Sizing/movingHigh``), and those of another node's zones are given
    /// back after three seconds without a change (`drain_zone_pages`).
    private mutating func tendPerCPULists<Observer: AllocationObserver>(
        _ cpu: Int, observing observer: inout Observer
    ) {
        for zone in 0..<zoneCount {
            let hasChanged = zones[zone].buddy.counters.settle(cpu)
            guard zones[zone].readyCPUs.contains(cpu) else { continue }
            if hasChanged { zones[zone].perCPU.base[cpu].expire = Self.secondsToExpiry }
            if profile.perCPU.sizing == .movingHigh { zones[zone].shrinkLists(cpu, observing: &observer) }
            let lists = zones[zone].perCPU.base[cpu]
            guard topology.isNUMAConfigured, lists.expire > 0, lists.count > 0 else { continue }
            if topology.nodes[zones[zone].nodePosition].cpus.contains(cpuIDs[cpu]) {
                zones[zone].perCPU.base[cpu].expire = 0
                continue
            }
            zones[zone].perCPU.base[cpu].expire -= 1
            if lists.expire == 1 {
                zones[zone].giveBack(min(lists.count, lists.batch), cpu: cpu, from: 0, observing: &observer)
            }
        }
    }

    /// `sysctl_stat_interval`, in microseconds.
    static var second: Int { 1_000_000 }

    /// "3 seconds idle till flush".
    private static var secondsToExpiry: Int { 3 }
}

extension Zone {
    /// A CPU's lists may hold an eighth less than before, and give back what is too much (`decay_pcp_high`, 6.7).
    mutating func shrinkLists<Observer: AllocationObserver>(_ cpu: Int, observing observer: inout Observer) {
        let batch = perCPU.base[cpu].batch
        if perCPU.base[cpu].high > perCPU.base[cpu].highMin {
            perCPU.base[cpu].high = max(
                perCPU.base[cpu].count - batch << perCPURules.batchScaleMax,
                perCPU.base[cpu].high - perCPU.base[cpu].high >> 3, perCPU.base[cpu].highMin)
        }
        var left = perCPU.base[cpu].count - perCPU.base[cpu].high
        while left > 0 {
            giveBack(min(left, max(batch, 1)), cpu: cpu, from: 0, observing: &observer)
            left -= max(batch, 1)
        }
    }
}
