import BuddyEngine
import FailureAnalysis
import GFP
import History
import KernelLog
import LogTrials
import PageAllocator
import Testing
import Topology

@testable import Report

/// One situation, answered in every way there is: `alloc --explain` and its picture, the page of the machine's history, and
/// `explain` of the log that the kernel would have written, with its picture. All use the same sentence.
@Suite struct SameWordsTests {
    /// A shortage, and what every answer says of it.
    struct Situation: Sendable {
        var cause: Cause
        /// A part of a sentence in the texts, and in the page's data.
        var clause: WalkFact
        /// A few words in tables and pictures; nil: nothing there says it.
        var label: WalkFact?
        var placement: TaskPlacement?
        /// Whether the page's data have the clause.
        var isOnPage = true
    }

    private static func situations(_ order: Int, _ node: NodeID) -> [Situation] {
        [
            Situation(cause: .memoryFull, clause: .noMoreLeft, label: .belowMark, isOnPage: false),
            Situation(cause: .belowMinNoReserve, clause: .noMoreLeft, label: .belowMark, isOnPage: false),
            Situation(cause: .fragmentation, clause: .noBlock(order: order), label: .noBlock(order: order)),
            Situation(cause: .highAtomic, clause: .keptForHighAtomic, label: .keptForHighAtomic),
            Situation(cause: .cmaOnly, clause: .ofCMA, label: .ofCMA),
            Situation(cause: .watermarkBoost, clause: .boosted),
            Situation(cause: .lowmemReserve, clause: .keptInReserve, label: .keptInReserve),
            Situation(cause: .nodemask, clause: .notAllowed(by: .nodeMask), label: .belowMark),
            Situation(
                cause: .mempolicy, clause: .notAllowed(by: .memoryPolicy), label: .belowMark,
                placement: TaskPlacement(.bind(NodeMask([node]))), isOnPage: false),
            Situation(
                cause: .cpuset, clause: .notAllowed(by: .cpuset), label: .belowMark,
                placement: TaskPlacement(cpuset: Cpuset(NodeMask([node])))),
            // Zones above the highest are not on the list that `alloc` walks.
            Situation(cause: .zoneExhausted, clause: .noMoreLeft, label: .belowMark, isOnPage: false),
            Situation(cause: .nodeFullThisNode, clause: .noMoreLeft, label: .belowMark, isOnPage: false),
        ]
    }

    /// A case of a cause, as a kernel from 6.1 on would report it.
    private static func report(_ cause: Cause, since first: KernelVersion = KernelVersion(6, 1)) throws
        -> WrittenReport
    {
        for seed in UInt64(1)..<400 {
            var made = HeldOutCase(cause, seed: seed)
            guard KernelVersion(made.release) ?? KernelVersion(2, 6) >= first else { continue }
            return try made.report()
        }
        throw Missing(cause: cause)
    }

    private struct Missing: Error {
        var cause: Cause
    }

    private func running(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    @Test(arguments: situations(0, 0).indices)
    func `alloc, explain, pictures and pages say it in the same words`(_ index: Int) throws {
        let cause = Self.situations(0, 0)[index].cause
        let written = try Self.report(cause)
        let node = written.nodemask?.first ?? written.memsAllowed?.first ?? 0
        let situation = Self.situations(written.order, node)[index]

        // explain.
        let analysis = try #require(FailureAnalysis.analyses(of: LogScanner.reports(in: written.text)).last)
        #expect(analysis.cause == cause)
        let explained = FailureAnalysisReport(analysis)
        let clause = situation.clause.clause
        #expect(explained.sentence.contains(clause), "\(cause): \(explained.sentence)")

        // alloc --explain, on the machine that the log is of.
        var machine = try Machine.restoring(written.snapshot)
        let recorder = HistoryRecorder(machine)
        machine.listener = recorder
        var request = AllocationRequest(written.gfp, order: Order(written.order))
        if situation.placement == nil, let nodes = written.nodemask { request.nodemask = NodeMask(nodes) }
        if written.gfp.contains(.thisNode) { request.node = Self.fullNode(analysis) }
        let series = machine.make(request, by: situation.placement, count: 1, explains: true)
        let allocation = AllocationReport(series, on: machine)
        #expect(allocation.tally.refused == 1, "\(cause)")
        let text = running(allocation.text(TextStyle(width: 400)))
        #expect(text.contains(clause), "\(cause): \(text)")

        // Tables and pictures.
        if let label = situation.label?.label {
            let pictures = [FailurePicture(explained).svg, try #require(WalkPicture(allocation)).svg]
            let table = running(explained.text(TextStyle(width: 400)))
            for answer in pictures + [text, table] {
                #expect(answer.contains(label), "\(cause): \(label) in \(answer)")
            }
        }

        // The page.
        var data = HistoryData(recorder.history)
        let page = data.text(steps: [])
        if situation.isOnPage { #expect(page.contains(clause), "\(cause): \(clause)") }
    }

    /// The node that a request with `__GFP_THISNODE` is tied to.
    private static func fullNode(_ analysis: FailureAnalysis) -> NodeID? { analysis.retrial?.request.node }

    @Test func `what no zone decides is said alike as well`() throws {
        var machine = try Machine(Topology(nodes: [.init(id: 0, cpus: [0], memory: [0..<65536])]))
        let order = Int(machine.topology.maximumOrder.rawValue) + 1
        let request = AllocationRequest(.GFP_KERNEL, order: Order(order))
        let fact = WalkFact.orderTooLarge(order, maximum: order - 1)
        let allocation = AllocationReport(machine.make(request, count: 1, explains: true), on: machine)
        let picture = try #require(WalkPicture(allocation)).svg
        let forecast = AllocationForecastReport(
            try AllocationForecast(request, on: machine.snapshot()), mask: "GFP_KERNEL")
        let log = """
            worker: page allocation failure: order:\(order), mode:0xcc0(GFP_KERNEL), nodemask=(null),cpuset=/,mems_allowed=0
            CPU: 0 PID: 1 Comm: worker Not tainted \(machine.topology.kernel).0 #1
            Mem-Info:
             free:200000 free_pcp:0 free_cma:0
            Node 0 DMA32 free:800000kB boost:0kB min:4000kB low:5000kB high:6000kB reserved_highatomic:0KB \
            present:1000000kB managed:1000000kB mlocked:0kB bounce:0kB free_pcp:0kB local_pcp:0kB free_cma:0kB
            lowmem_reserve[]: 0 0 0 0 0
            Node 0 DMA32: 0*4kB 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB \
            195*4096kB (UM) = 798720kB
            250000 pages RAM
            0 pages HighMem/MovableOnly
            0 pages reserved

            """
        let analysis = try #require(FailureAnalysis.analyses(of: LogScanner.reports(in: log)).first)
        #expect(analysis.cause == .orderTooLarge)
        for answer in [
            running(allocation.text(TextStyle(width: 400))), picture, forecast.sentence,
            FailureAnalysisReport(analysis).sentence,
        ] { #expect(answer.contains(fact.clause), "\(answer)") }
    }

    @Test func `no two facts have one clause`() {
        let facts: [WalkFact] =
            [
                .serves, .belowMark, .keptInReserve, .noBlock(order: 1), .listsEmpty, .kswapdAwake, .keptForHighAtomic,
                .ofCMA, .boosted, .noMoreLeft, .noZoneLeft, .orderTooLarge(11, maximum: 10), .contradictoryMask,
            ] + WalkFact.Limit.allCases.map { .notAllowed(by: $0) }
        #expect(Set(facts.map(\.clause)).count == facts.count)
        // None calls used up, or not usable, what is free.
        #expect(!facts.contains { $0.clause.contains("used up") || $0.clause.contains("usable") })
        #expect(Cause.allCases.allSatisfy { !$0.title.contains("used up") })
    }
}
