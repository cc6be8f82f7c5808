import BuddyEngine
import GFP
import PageAllocator
import TestSupport
import Topology

@testable import FailureAnalysis

/// A shortage made on a machine of a size drawn at random, in the way that the class of its cause says: no log that the
/// rules of `CauseFinder` were written from.
struct HeldOutCase {
    let truth: Cause
    var report: KernelReport

    /// Draws sizes, orders and masks.
    private struct Draw {
        var generator: SeededGenerator

        mutating func pick<Element>(_ choices: [Element]) -> Element {
            choices[Int.random(in: choices.indices, using: &generator)]
        }

        mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    }

    private static let mebibyte = 256
    private static let releases = ["5.15.0-91-generic", "6.1.0-28-amd64", "6.12.9-amd64"]

    /// Nodes of so many MiB each.
    private static func topology(
        _ release: String, nodes sizes: [Int], boost: Int = 0, _ change: (inout Topology) -> Void = { _ in }
    ) -> Topology {
        var start = 0
        var nodes: [Topology.Node] = []
        for (index, size) in sizes.enumerated() {
            // The PCI hole ends at 4 GiB.
            if start < 3072, start + size > 3072 {
                let rest = start + size - 3072
                nodes.append(
                    .init(
                        id: NodeID(index), cpus: [CPUID(index)],
                        memory: [frames(start, 3072), frames(4096, 4096 + rest)]))
                start = 4096 + rest
            } else {
                let memory = size > 0 ? [frames(start, start + size)] : []
                nodes.append(.init(id: NodeID(index), cpus: [CPUID(index)], memory: memory))
                start += size
            }
        }
        var topology = Topology(
            architecture: .amd64, kernel: KernelVersion(release) ?? KernelVersion(6, 1), nodes: nodes,
            sysctls: Sysctls(watermarkBoostFactor: boost))
        change(&topology)
        return topology
    }

    private static func frames(_ first: Int, _ end: Int) -> Range<PageFrame> {
        PageFrame(first * mebibyte)..<PageFrame(end * mebibyte)
    }

    /// Takes blocks, the largest first, until a single page is refused.
    @discardableResult
    private static func fill(_ machine: inout Machine, _ gfp: GFPFlags, node: NodeID? = nil, mask: NodeMask? = nil)
        -> [(frame: PageFrame, order: Order)]
    {
        var taken: [(PageFrame, Order)] = []
        for order in (0...10).reversed() {
            let request = AllocationRequest(gfp, order: Order(order), node: node, nodemask: mask)
            while let frame = machine.allocate(request) { taken.append((frame, Order(order))) }
        }
        return taken
    }

    /// Takes until the request itself is refused.
    private static func exhaust(_ machine: inout Machine, _ request: AllocationRequest) {
        while machine.allocate(request) != nil {}
    }

    init(_ truth: Cause, seed: UInt64) throws {
        var draw = Draw(generator: SeededGenerator(seed: seed))
        let release = draw.pick(Self.releases)
        self.truth = truth
        let noRetry: GFPFlags = .GFP_KERNEL.union(.noRetry)
        // With __GFP_NOWARN nothing would be printed.
        let nowait: GFPFlags = .GFP_NOWAIT.subtracting(.noWarn)
        let small = draw.number(120...700)
        // To 6.2 it has `__GFP_ATOMIC` in it.
        let atomic =
            GFPLayout.layout(for: KernelVersion(release) ?? KernelVersion(6, 1)).composite(named: "GFP_ATOMIC")
            ?? .GFP_ATOMIC

        // Half of the machines have boosting on, as kernels do; half of the failures find a page cache.
        let boost = draw.pick([0, 15_000])
        let cache = draw.pick([0, 30])
        func single(_ size: Int) throws -> Machine {
            try Machine(Self.topology(release, nodes: [size], boost: boost))
        }
        func failure(_ machine: borrowing Machine, _ gfp: GFPFlags, _ order: Int = 0) -> KernelReport {
            var text = KernelReport(snapshot: machine.snapshot(), release: release, gfp: gfp, order: order)
            let managed = text.snapshot.zones.reduce(0) { $0 + $1.span.managed }
            if !gfp.contains(.directReclaim) { text.use.file = managed * cache / 100 }
            return text
        }
        func kill(_ machine: borrowing Machine, _ gfp: GFPFlags = .GFP_HIGHUSER_MOVABLE) -> KernelReport {
            var text = failure(machine, gfp)
            text.event = .kill
            text.trace = ["dump_header", "oom_kill_process", "out_of_memory", "__alloc_pages"]
            return text
        }

        switch truth {
        case .fragmentation:
            // Everything taken, then pages given back, of larger blocks too, that cannot merge to the order asked for.
            let order = draw.number(2...10)
            var machine = try single(small)
            machine.checksFrees = false
            let gfp = draw.pick([noRetry, .GFP_KERNEL, atomic, nowait, .GFP_NOFS, .GFP_NOIO])
            let taken = Self.fill(&machine, .GFP_KERNEL)
            let step = 1 << order
            let freed = draw.number(step / 4...max(step / 4, step * 3 / 4))
            for block in taken {
                for page in 0..<(1 << Int(block.order.rawValue)) where (Int(block.frame.rawValue) + page) % step < freed
                {
                    machine.free(block.frame + page, order: 0)
                }
            }
            machine.drainAll()
            // What the filling left is used up, as it is before any report.
            Self.exhaust(&machine, AllocationRequest(gfp, order: Order(order)))
            report = failure(machine, gfp, order)
        case .reservesExhausted:
            var machine = try single(small)
            let order = draw.number(0...5)
            Self.fill(&machine, .GFP_KERNEL)
            Self.exhaust(&machine, AllocationRequest(atomic, order: Order(order)))
            report = failure(machine, draw.pick([atomic, atomic.union(.comp)]), order)
        case .belowMinNoReserve:
            // Where a boost is on, it is the boost that refuses.
            var machine = try Machine(Self.topology(release, nodes: [small]))
            Self.exhaust(&machine, AllocationRequest(nowait))
            report = failure(machine, nowait, draw.number(0...3))
        case .memoryFull:
            var machine = try single(small)
            let order = draw.number(0...5)
            Self.fill(&machine, .GFP_KERNEL)
            report = failure(machine, order > 3 ? draw.pick([.GFP_KERNEL, noRetry]) : noRetry, order)
        case .zoneExhausted:
            var machine = try single(draw.number(4500...7000))
            let order = draw.number(0...4)
            let zone: GFPFlags = draw.pick([.dma, .dma32])
            Self.fill(&machine, noRetry.union(zone))
            report = failure(machine, draw.pick([.GFP_KERNEL, noRetry, atomic]).union(zone), order)
            if report.gfp.contains(.high) {
                Self.exhaust(&machine, AllocationRequest(atomic.union(zone), order: Order(order)))
                report = failure(machine, report.gfp, order)
            }
        case .nodeFullThisNode, .nodemask, .cpuset, .mempolicy:
            let sizes = (0..<draw.number(2...8)).map { _ in draw.number(60...400) }
            let full = NodeID(draw.number(1...sizes.count - 1))
            var machine = try Machine(Self.topology(release, nodes: sizes, boost: boost))
            let mask = NodeMask([full])
            let kernel = draw.pick([noRetry, .GFP_KERNEL])
            let order = draw.number(0...3)
            switch truth {
            case .nodeFullThisNode:
                Self.fill(&machine, noRetry.union(.thisNode), node: full)
                report = failure(machine, kernel.union(.thisNode), order)
            case .nodemask:
                Self.fill(&machine, noRetry, node: full, mask: mask)
                report = failure(machine, kernel, order)
                report.nodemask = [full]
            case .cpuset:
                Self.fill(&machine, .GFP_HIGHUSER_MOVABLE, node: full, mask: mask)
                report = kill(machine)
                report.cpuset = "/jobs"
                report.memsAllowed = [full]
                report.use.constraint = "CONSTRAINT_CPUSET"
                report.use.anonymous = sizes[Int(full.rawValue)] * Self.mebibyte * 9 / 10
            default:
                Self.fill(&machine, .GFP_HIGHUSER_MOVABLE, node: full, mask: mask)
                report = kill(machine)
                report.nodemask = [full]
                report.use.constraint = "CONSTRAINT_MEMORY_POLICY"
                report.use.anonymous = sizes[Int(full.rawValue)] * Self.mebibyte * 9 / 10
            }
        case .memorylessNode:
            let machine = try Machine(
                Self.topology(release, nodes: [draw.number(200...600), 0, draw.number(100...500)]))
            report = failure(machine, .GFP_KERNEL.union(.thisNode), draw.number(0...3))
        case .movableOnly:
            let share = draw.number(40...80)
            var machine = try Machine(
                Self.topology(release, nodes: [draw.number(400...1200)]) {
                    $0.boot.movableCore = .percent(share)
                })
            let order = draw.number(0...4)
            Self.fill(&machine, noRetry)
            report = failure(machine, noRetry, order)
        case .lowmemReserve:
            var machine = try Machine(
                Self.topology(release, nodes: [draw.number(4600...6500)]) {
                    $0.sysctls.lowmemReserveRatio[.dma32] = draw.number(4...12)
                })
            let order = draw.number(0...4)
            Self.fill(&machine, noRetry)
            let gfp = draw.pick([noRetry, atomic, nowait])
            if gfp.contains(.high) { Self.exhaust(&machine, AllocationRequest(gfp, order: Order(order))) }
            report = failure(machine, gfp, order)
        case .watermarkBoost:
            // Movable pages everywhere, with room in each pageblock, into which unmovable requests then go.
            var machine = try Machine(
                Self.topology(release, nodes: [small + 300], boost: 15_000) { $0.sysctls.minFreeKbytes = 8000 })
            machine.checksFrees = false
            let order = draw.number(2...5)
            for block in Self.fill(&machine, .GFP_HIGHUSER_MOVABLE) where block.order >= 9 {
                for part in stride(from: 0, to: 1 << Int(block.order.rawValue), by: 512) {
                    for page in 0..<64 { machine.free(block.frame + part + page, order: 0) }
                }
            }
            machine.drainAll()
            Self.exhaust(&machine, AllocationRequest(nowait, order: Order(order)))
            report = failure(machine, nowait, order)
            report.use.file = 0
        case .cmaOnly:
            let area = draw.number(20...60)
            var machine = try Machine(
                Self.topology(release, nodes: [small + 100]) {
                    $0.isCMAConfigured = true
                    $0.boot.cma = UInt64((small + 100) * area / 100) << 20
                })
            let order = draw.number(0...4)
            let gfp = draw.pick([noRetry, atomic, nowait])
            Self.fill(&machine, noRetry)
            Self.exhaust(&machine, AllocationRequest(gfp, order: Order(order)))
            report = failure(machine, gfp, order)
        case .highAtomic:
            var machine = try Machine(Self.topology(release, nodes: [small + 300]) { $0.sysctls.minFreeKbytes = 8000 })
            let taken = Self.fill(&machine, .GFP_KERNEL)
            // Atomic requests of a high order reserve pageblocks, and are given back.
            var urgent: [PageFrame] = []
            while let frame = machine.allocate(AllocationRequest(atomic, order: 4)) { urgent.append(frame) }
            for frame in urgent { machine.free(frame, order: 4) }
            for block in taken.filter({ $0.order == 10 }).prefix(2) { machine.free(block.frame, order: block.order) }
            let gfp = nowait.union(.noMemAlloc)
            let order = draw.number(0...1)
            Self.exhaust(&machine, AllocationRequest(gfp, order: Order(order)))
            report = failure(machine, gfp, order)
        default:
            // Kills: who has the memory is not the allocator's to know.
            var machine = try single(small)
            Self.fill(&machine, .GFP_HIGHUSER_MOVABLE)
            report = kill(machine, draw.pick([.GFP_HIGHUSER_MOVABLE, .GFP_HIGHUSER_MOVABLE.union(.zero)]))
            let managed = report.snapshot.zones.reduce(0) { $0 + $1.span.managed }
            let most = managed * draw.number(48...80) / 100
            let rest = managed * 9 / 10 - most
            report.use.anonymous = rest * draw.number(30...90) / 100
            report.use.slab = managed / 60
            switch truth {
            case .processMemory: report.use.anonymous = most
            case .mlocked: report.use.locked = most
            case .tmpfs: report.use.shared = most
            case .slabLeak: report.use.slab = most
            case .pageTables: report.use.pageTables = most
            case .hugetlb: report.use.hugePages = most / 512
            case .forkBomb:
                report.use.tasks = draw.number(300...900)
                report.use.stacks = managed * draw.number(15...30) / 100
                report.use.pageTables = managed * draw.number(10...25) / 100
                report.use.anonymous = managed * draw.number(10...25) / 100
                report.use.slab = managed * 9 / 10 - report.use.stacks - report.use.pageTables - report.use.anonymous
            default: break  // On no counter: a page leak.
            }
        }
    }
}
