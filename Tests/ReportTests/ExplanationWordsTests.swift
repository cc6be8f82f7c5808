import BuddyEngine
import GFP
import Testing
import Topology

@testable import PageAllocator
@testable import Report

/// How a request's way over the zones is put into a table and into words.
@Suite struct ExplanationWordsTests {
    private func machine(nodes: Int) throws -> Machine {
        // 64 MiB a node above 4 GiB: Normal zones only.
        let first: UInt64 = 1 << 20
        return try Machine(
            Topology(
                nodes: (0..<nodes).map { (id: Int) -> Topology.Node in
                    let start = PageFrame(rawValue: first + UInt64(id) << 14)
                    return .init(
                        id: NodeID(id), cpus: [CPUID(rawValue: UInt32(id))], memory: [start..<(start + (1 << 14))])
                }))
    }

    private func explain(_ request: AllocationRequest, on machine: inout Machine, until refused: Bool) -> String {
        let series = machine.make(request, count: refused ? nil : 1, explains: true)
        return AllocationReport(series, on: machine).text(TextStyle(width: 79))
    }

    @Test func `nodes that are refused alike share a line, and one sentence`() throws {
        var machine = try machine(nodes: 8)
        let text = explain(AllocationRequest(.GFP_KERNEL), on: &machine, until: true)
        let rows = text.split(separator: "\n").filter { $0.hasSuffix(" short") }
        #expect(!rows.isEmpty && rows.allSatisfy { $0.contains("0-7  Normal") }, "\(text)")
    }

    @Test func `zones of different kinds have a line each`() throws {
        let memory: [Range<PageFrame>] = [0x1..<0x1000, 0x80000..<0x84000, 0x100000..<0x104000]
        var machine = try Machine(Topology(nodes: [.init(id: 0, cpus: [0], memory: memory)]))
        let text = explain(AllocationRequest(.GFP_KERNEL, order: 10), on: &machine, until: true)
        let rows = text.split(separator: "\n").filter { $0.contains(" short") }
        for kind in [" DMA ", " DMA32 ", " Normal "] {
            #expect(rows.contains { $0.contains(kind) }, "\(kind) in \(text)")
        }
    }

    @Test func `blocks of every second page are missing on all nodes in one sentence`() throws {
        var machine = try machine(nodes: 4)
        let request = AllocationRequest(.GFP_HIGHUSER_MOVABLE.union(.memAlloc))
        var frames: [PageFrame] = []
        while let frame = machine.allocate(request) { frames.append(frame) }
        for frame in frames where frame.rawValue % 2 == 0 { machine.free(frame, order: 0) }
        machine.drainAll()
        let text = explain(AllocationRequest(.GFP_HIGHUSER_MOVABLE, order: 4), on: &machine, until: false)
        let running = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(
            running.contains("nodes 0-3 Normal: enough pages are free, but in pieces: it may use no block of order 4"),
            "\(text)")
    }

    @Test func `what a zone needs is its mark, its reserve and the block`() throws {
        var machine = try machine(nodes: 1)
        let explanation = machine.explain(AllocationRequest(.GFP_KERNEL, order: 3))
        guard case .look(let look)? = explanation.walks.first?.visits.first else {
            Issue.record("no look")
            return
        }
        let judgement = look.judgement
        #expect(judgement.blockPages == 8 && judgement.setAside == 0 && judgement.countable == judgement.free)
        #expect(judgement.needs == judgement.effectiveMark + judgement.lowmemReserve + 8)
        #expect((judgement.missing <= 0) == judgement.test.isPassed)
        let text = AllocationReport(
            machine.make(AllocationRequest(.GFP_KERNEL, order: 3), count: 1, explains: true), on: machine
        )
        .text()
        #expect(text.contains("block  needs") && !text.contains("counted  "), "\(text)")
    }

    @Test(arguments: [0, 1, 5, 9])
    func `the sum of the table is the kernel's comparison, whatever its parts`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<2000 {
            let test = WatermarkTest(
                free: random.next(below: 300), blockRest: 1 << random.next(below: 7) - 1,
                highAtomic: random.next(below: 40), cma: random.next(below: 40), mark: random.next(below: 60),
                lowmemReserve: random.next(below: 60))
            let look = ZoneLook(
                zone: ZoneReference(node: 0, kind: .normal), level: .min, mark: test.mark, boost: 0, test: test,
                verdict: test.isPassed ? .served : .belowMark)
            #expect((look.countable >= look.needs) == test.isPassed, "\(random): \(test)")
            var withoutReserve = test
            withoutReserve.lowmemReserve = 0
            #expect(look.lacksOnlyReserve == (!test.isPassed && withoutReserve.isPassed), "\(random): \(test)")
        }
    }

    @Test func `a zone that only its reserve keeps shut is not called below its mark`() throws {
        var machine = try Machine(Topology(nodes: [.init(id: 0, cpus: [0], memory: [0..<2_097_152])]))
        let text = explain(AllocationRequest(.GFP_KERNEL, order: 5), on: &machine, until: true)
        let row = text.split(separator: "\n").first { $0.contains("  DMA  ") }
        #expect(row?.contains("kept in reserve, ") == true && row?.hasSuffix(" short") == true, "\(text)")
        let running = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(running.contains("DMA: above its mark, but kept from requests that could also use a higher zone"))
    }

    @Test(arguments: [([0, 1, 2], "0-2"), ([3, 0, 1, 5], "3,0-1,5"), ([2], "2"), ([1, 0], "1,0")])
    func `nodes are named in the order in which they are met`(nodes: [Int], words: String) {
        let zones = nodes.map { ZoneReference(node: NodeID($0), kind: .normal) }
        #expect(ZoneNames.text(zones) == "\(nodes.count == 1 ? "node" : "nodes") \(words) Normal")
    }

    @Test func `a narrow terminal breaks zonelists, and leaves nothing out`() throws {
        // Node by node a zone more, so that no two nodes are told together.
        let nodes = (0..<12).map { (id: Int) -> Topology.Node in
            let start = PageFrame(rawValue: UInt64(id) << 17)
            return Topology.Node(
                id: NodeID(id * 3), cpus: [CPUID(rawValue: UInt32(id))], memory: [start..<(start + (1 << 17))])
        }
        let machine = try Machine(Topology(nodes: nodes))
        let text = MachineReport(machine).text(TextStyle(width: 60))
        let lists = text.components(separatedBy: "Zonelists").last ?? ""
        let fromFirst = lists.components(separatedBy: "\n").dropFirst(2).prefix { !$0.hasPrefix("          3 ") }
        let words = fromFirst.joined(separator: " ").split { !$0.isNumber && !$0.isLetter }
        for id in 1..<12 { #expect(words.contains("\(id * 3)"), "\(id * 3): \(lists)") }
        #expect(!words.contains("more") && fromFirst.count > 1, "\(lists)")
    }
}
