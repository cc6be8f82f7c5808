import BuddyEngine
import FailureAnalysis
import GFP
import KernelLog
import PageAllocator
import Topology

/// How each shortage is made.
extension HeldOutCase {
    /// Everything taken, then pages given back, of larger blocks too, that cannot merge to the order asked for.
    mutating func fragmentation() throws -> WrittenReport {
        let order = draw.number(2...10)
        var machine = try single(small)
        machine.checksFrees = false
        let gfp = draw.pick([noRetry, .GFP_KERNEL, atomic, nowait, .GFP_NOFS, .GFP_NOIO])
        let taken = fill(&machine, .GFP_KERNEL)
        let step = 1 << order
        let freed = draw.number(step / 4...max(step / 4, step * 3 / 4))
        for block in taken {
            for page in 0..<(1 << Int(block.order.rawValue)) where (Int(block.frame.rawValue) + page) % step < freed {
                machine.free(block.frame + page, order: 0)
            }
        }
        machine.drainAll()
        // What the filling left is used up, as it is before any report.
        exhaust(&machine, gfp, order)
        return failure(machine, gfp, order)
    }

    mutating func urgency() throws -> WrittenReport {
        if truth == .belowMinNoReserve {
            // Where a boost is on, it is the boost that refuses.
            var machine = try Machine(topology([small]))
            exhaust(&machine, nowait)
            let order = draw.number(0...3)
            return failure(machine, nowait, isBefore44 ? 0 : order)
        }
        var machine = try single(small)
        let order = draw.number(0...5)
        fill(&machine, .GFP_KERNEL)
        exhaust(&machine, atomic, order)
        return failure(machine, draw.pick([atomic, atomic.union(.comp)]), order)
    }

    mutating func fullMemory() throws -> WrittenReport {
        var machine = try single(small)
        let order = draw.number(0...5)
        fill(&machine, .GFP_KERNEL)
        guard truth == .allocationStall else {
            return failure(machine, order > 3 ? draw.pick([.GFP_KERNEL, noRetry]) : noRetry, order)
        }
        var report = failure(machine, draw.pick([.GFP_KERNEL, .GFP_HIGHUSER_MOVABLE, .GFP_NOFS]), min(order, 3))
        report.event = .stall(milliseconds: draw.number(10...400) * 1000 + 50)
        return report
    }

    mutating func fullZone() throws -> WrittenReport {
        var machine = try single(draw.number(4500...7000))
        let order = draw.number(0...4)
        let zone: GFPFlags = draw.pick([.dma, .dma32])
        fill(&machine, noRetry.union(zone))
        let gfp = draw.pick([.GFP_KERNEL, noRetry, atomic]).union(zone)
        if gfp.contains(.high) { exhaust(&machine, atomic.union(zone), order) }
        return failure(machine, gfp, order)
    }

    /// One node of several is full, and the request bound to it.
    mutating func fullNode() throws -> WrittenReport {
        let sizes = (0..<draw.number(2...8)).map { _ in draw.number(60...400) }
        let full = NodeID(draw.number(1...sizes.count - 1))
        var machine = try Machine(topology(sizes, boost: boost))
        let mask = NodeMask([full])
        let kernel = draw.pick([noRetry, .GFP_KERNEL])
        let order = draw.number(0...3)
        if truth == .nodeFullThisNode {
            fill(&machine, noRetry.union(.thisNode), node: full)
            return failure(machine, kernel.union(.thisNode), order)
        }
        if truth == .nodemask {
            fill(&machine, noRetry, node: full, mask: mask)
            var report = failure(machine, kernel, order)
            report.nodemask = [full]
            return report
        }
        fill(&machine, .GFP_HIGHUSER_MOVABLE, node: full, mask: mask)
        var report = kill(machine)
        report.use.anonymous = sizes[Int(full.rawValue)] * Self.mebibyte * 9 / 10
        report.tasks = [.init(pid: 100, name: "worker", anonymous: report.use.anonymous)]
        if truth == .cpuset {
            report.cpuset = "/jobs"
            report.memsAllowed = [full]
            report.constraint = "CONSTRAINT_CPUSET"
        } else {
            report.nodemask = [full]
            report.constraint = "CONSTRAINT_MEMORY_POLICY"
        }
        return report
    }

    mutating func movableMemory() throws -> WrittenReport {
        let share = draw.number(40...80)
        var machine = try Machine(topology([draw.number(400...1200)]) { $0.boot.movableCore = .percent(share) })
        let order = draw.number(0...4)
        fill(&machine, noRetry)
        return failure(machine, noRetry, order)
    }

    mutating func lowmemReserve() throws -> WrittenReport {
        let ratio = draw.number(4...12)
        var machine = try Machine(
            topology([draw.number(4600...6500)]) { $0.sysctls.lowmemReserveRatio[.dma32] = ratio })
        var order = draw.number(0...4)
        if isBefore44 { order = 0 }
        fill(&machine, noRetry)
        let gfp = draw.pick([noRetry, atomic, nowait])
        if gfp.contains(.high) { exhaust(&machine, gfp, order) }
        return failure(machine, gfp, order)
    }

    /// Movable pages everywhere, with room in each pageblock, into which unmovable requests then go.
    mutating func raisedMarks() throws -> WrittenReport {
        var machine = try Machine(topology([small + 300], boost: 15_000) { $0.sysctls.minFreeKbytes = 8000 })
        // Blocks are given back in parts.
        machine.checksFrees = false
        let order = draw.number(2...5)
        for block in fill(&machine, .GFP_HIGHUSER_MOVABLE) where block.order >= 9 {
            for part in stride(from: 0, to: 1 << Int(block.order.rawValue), by: 512) {
                for page in 0..<64 { machine.free(block.frame + part + page, order: 0) }
            }
        }
        machine.drainAll()
        exhaust(&machine, nowait, order)
        var report = failure(machine, nowait, order)
        report.use.file = 0
        return report
    }

    mutating func contiguousArea() throws -> WrittenReport {
        let area = draw.number(20...60)
        var machine = try Machine(
            topology([small + 100]) {
                $0.isCMAConfigured = true
                $0.boot.cma = UInt64((small + 100) * area / 100) << 20
            })
        let order = draw.number(0...4)
        let gfp = draw.pick([noRetry, atomic, nowait])
        fill(&machine, noRetry)
        exhaust(&machine, gfp, order)
        return failure(machine, gfp, order)
    }

    /// Atomic requests of a high order reserve pageblocks, and are given back.
    mutating func highAtomicReserve() throws -> WrittenReport {
        var machine = try Machine(topology([small + 300]) { $0.sysctls.minFreeKbytes = 8000 })
        let taken = fill(&machine, .GFP_KERNEL)
        var urgent: [PageFrame] = []
        while let frame = machine.allocate(AllocationRequest(atomic, order: 4)) { urgent.append(frame) }
        for frame in urgent { machine.free(frame, order: 4) }
        for block in taken.filter({ $0.order == 10 }).prefix(2) { machine.free(block.frame, order: block.order) }
        let gfp = nowait.union(.noMemAlloc)
        let order = draw.number(0...1)
        exhaust(&machine, gfp, order)
        return failure(machine, gfp, order)
    }

    /// A kill: who has the memory is not the allocator's to know.
    mutating func heldMemory() throws -> WrittenReport {
        var machine = try single(small)
        fill(&machine, .GFP_HIGHUSER_MOVABLE)
        var report = kill(machine, draw.pick([.GFP_HIGHUSER_MOVABLE, .GFP_HIGHUSER_MOVABLE.union(.zero)]))
        let managed = report.snapshot.zones.reduce(0) { $0 + $1.span.managed }
        let most = managed * draw.number(52...80) / 100
        let rest = managed * 9 / 10 - most
        var tasks = 1
        report.use.anonymous = rest * draw.number(30...90) / 100
        report.use.slabUnreclaimable = managed / 60
        switch truth {
        case .processMemory: report.use.anonymous = most
        case .mlocked: report.use.locked = most
        case .tmpfs: report.use.shared = most
        case .slabLeak: report.use.slabUnreclaimable = most
        case .pageTables: report.use.pageTables = most
        case .hugetlb:
            report.use.hugePages = most / 512
            report.use.freeHugePages = most / 512
        case .forkBomb:
            tasks = draw.number(300...900)
            report.use.stacks = managed * draw.number(15...30) / 100
            report.use.pageTables = managed * draw.number(10...25) / 100
            report.use.anonymous = managed * draw.number(10...25) / 100
            report.use.slabUnreclaimable =
                managed * 9 / 10 - report.use.stacks - report.use.pageTables - report.use.anonymous
        default: break  // On no counter: a page leak.
        }
        report.tasks = (0..<tasks).map {
            .init(pid: 100 + $0, name: "worker", anonymous: report.use.anonymous / tasks)
        }
        return report
    }
}
