import BuddyEngine
import FailureAnalysis
import GFP
import KernelLog
import PageAllocator
import Topology

/// A shortage made on a machine of a size drawn at random, in the way that the class of its cause says, and written down as
/// a kernel drawn at random would: no log that the rules of `CauseFinder` were written from.
public struct HeldOutCase {
    public let truth: Cause
    /// As `uname -r` has it.
    public let release: String
    var draw: Draw
    /// Half of the machines have boosting on, as kernels do; half of the failures find a page cache (per cent).
    let boost: Int
    let cache: Int
    /// MiB.
    let small: Int

    /// Draws sizes, orders and masks.
    struct Draw {
        var generator: SeededRandom

        mutating func pick<Element>(_ choices: [Element]) -> Element {
            choices[Int.random(in: choices.indices, using: &generator)]
        }

        mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    }

    /// The causes that a shortage can be made for.
    public static let causes: [Cause] = [
        .fragmentation, .reservesExhausted, .belowMinNoReserve, .memoryFull, .zoneExhausted, .nodeFullThisNode,
        .nodemask, .cpuset, .mempolicy, .memorylessNode, .movableOnly, .lowmemReserve, .highAtomic, .watermarkBoost,
        .cmaOnly, .processMemory, .mlocked, .tmpfs, .slabLeak, .pageTables, .hugetlb, .forkBomb, .pageLeak,
        .allocationStall,
    ]

    static let releases = [
        "2.6.32", "3.2.0-4-amd64", "3.10.0", "3.13.0-57-generic", "3.16.0-4-amd64", "4.4.0-142-generic",
        "4.9.0-8-amd64", "4.11.0", "4.14.35", "4.19.0-21-amd64", "5.4.0-150-generic", "5.10.0-28-amd64",
        "5.15.0-91-generic", "6.1.0-28-amd64", "6.6.30", "6.12.9-amd64", "6.17.0", "7.2.0", "7.3.0",
    ]

    /// The first kernel that has the cause and prints what tells it.
    private static func first(_ truth: Cause) -> KernelVersion {
        switch truth {
        case .highAtomic: KernelVersion(4, 4)
        // Raised marks are there from 5.0 on, but printed as such only since.
        case .watermarkBoost: KernelVersion(5, 18)
        case .nodemask: KernelVersion(4, 11)
        case .mempolicy: KernelVersion(4, 8)
        // Without a letter or a counter CMA does not show.
        case .cmaOnly: KernelVersion(3, 9)
        case .hugetlb: KernelVersion(3, 10)
        default: KernelVersion(2, 6)
        }
    }

    /// - Parameter truth: One of ``causes``.
    public init(_ truth: Cause, seed: UInt64) {
        self.truth = truth
        var draw = Draw(generator: SeededRandom(seed: seed))
        release = draw.pick(
            Self.releases.filter { release in
                let version = KernelVersion(release) ?? KernelVersion(6, 1)
                let isPrinted = truth != .allocationStall || WrittenReport.printsStalls(version)
                return version >= Self.first(truth) && isPrinted
            })
        small = draw.number(120...700)
        boost = draw.pick([0, 15_000])
        cache = draw.pick([0, 30])
        self.draw = draw
    }

    let noRetry: GFPFlags = .GFP_KERNEL.union(.noRetry)
    /// With `__GFP_NOWARN` nothing would be printed. Before 4.4 whoever cannot wait may go below the mark, unless it says
    /// that it may not (`gfp_to_alloc_flags`, mm/page_alloc.c, 3.13).
    var nowait: GFPFlags {
        let nowait: GFPFlags = .GFP_NOWAIT.subtracting(.noWarn)
        return isBefore44 ? nowait.union(.noMemAlloc) : nowait
    }

    /// Our machine has not the test of orders that kernels before 4.4 had: what lets a larger block pass at our mark was
    /// refused by theirs for another cause.
    var isBefore44: Bool { (KernelVersion(release) ?? KernelVersion(6, 1)) < KernelVersion(4, 4) }

    /// From 4.4 to 6.2 it has `__GFP_ATOMIC` in it.
    var atomic: GFPFlags {
        let layout = GFPLayout.layout(for: KernelVersion(release) ?? KernelVersion(6, 1))
        return layout.modernized(layout.composite(named: "GFP_ATOMIC") ?? .GFP_ATOMIC)
    }

    /// The log of the case, with its cause in the words of `Cause`.
    public mutating func report() throws -> WrittenReport {
        switch truth {
        case .fragmentation: return try fragmentation()
        case .reservesExhausted, .belowMinNoReserve: return try urgency()
        case .memoryFull, .allocationStall: return try fullMemory()
        case .zoneExhausted: return try fullZone()
        case .nodeFullThisNode, .nodemask, .cpuset, .mempolicy: return try fullNode()
        case .memorylessNode:
            let machine = try Machine(topology([draw.number(200...600), 0, draw.number(100...500)]))
            return failure(machine, .GFP_KERNEL.union(.thisNode), draw.number(0...3))
        case .movableOnly: return try movableMemory()
        case .lowmemReserve: return try lowmemReserve()
        case .watermarkBoost: return try raisedMarks()
        case .cmaOnly: return try contiguousArea()
        case .highAtomic: return try highAtomicReserve()
        default: return try heldMemory()
        }
    }

    // MARK: Machines

    static let mebibyte = 256

    /// Nodes of that many MiB each.
    func topology(_ sizes: [Int], boost: Int = 0, _ change: (inout Topology) -> Void = { _ in }) -> Topology {
        var start = 0
        var nodes: [Topology.Node] = []
        for (index, size) in sizes.enumerated() {
            // The PCI hole ends at 4 GiB.
            if start < 3072, start + size > 3072 {
                let rest = start + size - 3072
                nodes.append(
                    .init(
                        id: NodeID(index), cpus: [CPUID(index)],
                        memory: [Self.frames(start, 3072), Self.frames(4096, 4096 + rest)]))
                start = 4096 + rest
            } else {
                let memory = size > 0 ? [Self.frames(start, start + size)] : []
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

    func single(_ size: Int) throws -> Machine { try Machine(topology([size], boost: boost)) }

    /// Takes blocks, the largest first, until a single page is refused.
    @discardableResult
    func fill(
        _ machine: inout Machine, _ gfp: GFPFlags, node: NodeID? = nil, mask: NodeMask? = nil
    ) -> [(frame: PageFrame, order: Order)] {
        var taken: [(PageFrame, Order)] = []
        for order in (0...10).reversed() {
            let request = AllocationRequest(gfp, order: Order(order), node: node, nodemask: mask)
            while let frame = machine.allocate(request) { taken.append((frame, Order(order))) }
        }
        return taken
    }

    /// Takes until the request itself is refused.
    func exhaust(_ machine: inout Machine, _ gfp: GFPFlags, _ order: Int = 0) {
        while machine.allocate(AllocationRequest(gfp, order: Order(order))) != nil {}
    }

    // MARK: Logs

    func failure(_ machine: borrowing Machine, _ gfp: GFPFlags, _ order: Int = 0) -> WrittenReport {
        var text = WrittenReport(.failure, machine.snapshot(), release: release, gfp: gfp, order: order)
        text.trace = ["dump_stack_lvl", "warn_alloc", "__alloc_pages"]
        let managed = text.snapshot.zones.reduce(0) { $0 + $1.span.managed }
        if !gfp.contains(.directReclaim) { text.use.file = managed * cache / 100 }
        return text
    }

    func kill(_ machine: borrowing Machine, _ gfp: GFPFlags = .GFP_HIGHUSER_MOVABLE) -> WrittenReport {
        var text = failure(machine, gfp)
        text.event = .kill(victim: 0)
        text.trace = ["dump_header", "oom_kill_process", "out_of_memory", "__alloc_pages", "alloc_pages_vma"]
        return text
    }
}
