import BuddyEngine
import GFP
import TestSupport
import Testing

@testable import Topology

@Suite
struct ZoneSpanTests {
    /// Every recording: nothing is left out as not derivable. What the initial file system took while CMA was set aside is
    /// not known, so of that the zone and the size are compared, not the place.
    @Test(
        arguments: KnownRecordings.chosen)
    func `a recorded machine's zones follow from its firmware's memory`(path: String) throws {
        let machine = try RecordedMachine(path: path)
        let spans = try machine.topology().zoneSpans()
        // 5.10 does not count a zone's CMA pages.
        let countsCMA = machine.zones.contains { $0.cma >= 0 }
        let derived = spans.map {
            RecordedMachine.Zone(
                node: Int($0.node.rawValue), kind: $0.kind.kernelName, start: Int($0.start.rawValue),
                spanned: $0.spanned, present: $0.present, managed: $0.managed,
                cma: countsCMA ? $0.cma : -1)
        }
        #expect(derived == machine.zones)
        #expect(!derived.isEmpty)
    }

    private let mebibyte = 256

    private func node(_ id: Int, _ ranges: Range<Int>..., hotPluggable: Bool = false) -> Topology.Node {
        Topology.Node(
            id: NodeID(id), memory: ranges.map { PageFrame($0.lowerBound * 256)..<PageFrame($0.upperBound * 256) },
            isHotPluggable: hotPluggable)
    }

    /// Kind, start and end in MiB.
    private func cut(_ topology: Topology) -> [String] {
        topology.zoneSpans().map { "\($0.node) \($0.kind) \($0.start.rawValue / 256)-\($0.end.rawValue / 256)" }
    }

    @Test func `each architecture cuts at its own addresses`() {
        let memory = [node(0, 0..<8192)]
        func zones(_ architecture: Architecture, limits: ZoneLimits? = nil) -> [String] {
            cut(Topology(architecture: architecture, nodes: memory, zoneLimits: limits))
        }
        #expect(zones(.amd64) == ["0 DMA 0-16", "0 DMA32 16-4096", "0 Normal 4096-8192"])
        #expect(zones(.i386) == ["0 DMA 0-16", "0 Normal 16-879", "0 HighMem 879-4096"])
        #expect(zones(.arm64) == ["0 DMA 0-4096", "0 Normal 4096-8192"])
        #expect(zones(.riscv64) == ["0 DMA32 0-4096", "0 Normal 4096-8192"])
        #expect(zones(.other) == ["0 Normal 0-8192"])
        let raspberry = ZoneLimits(dma: 1 << 30, dma32: 4 << 30)
        #expect(zones(.arm64, limits: raspberry) == ["0 DMA 0-1024", "0 DMA32 1024-4096", "0 Normal 4096-8192"])
        let high = Topology(architecture: .arm64, nodes: [node(0, 8192..<9000)])
        #expect(cut(high) == ["0 DMA 8192-9000"])
    }

    @Test func `the kernel gives up frame 0 and the BIOS's memory on x86, and only there`() {
        let memory = [node(0, 0..<64)]
        let amd64 = Topology(architecture: .amd64, nodes: memory).zoneSpans()
        #expect(amd64[0].start == 1 && amd64[0].spanned == 4095 && amd64[0].present == 3999)
        #expect(amd64[0].managedRanges == [1..<160, 256..<4096])
        #expect(Topology(architecture: .arm64, nodes: memory).zoneSpans()[0].present == 64 * mebibyte)
    }

    @Test func `reserved page frames are present but not managed`() {
        let topology = Topology(
            architecture: .other, nodes: [node(0, 0..<64)], reserved: [100..<200, 150..<300, 16300..<17000])
        let zone = topology.zoneSpans()[0]
        #expect(zone.present == 16384 && zone.managed == 16384 - 200 - 84)
        #expect(zone.managedRanges == [0..<100, 300..<16300])
    }

    @Test func `movable memory comes off every node alike, as far as it has any to give`() {
        let nodes = [node(0, 0..<4096), node(1, 4096..<12288), node(2, 12288..<13312)]
        let half = Topology(architecture: .other, nodes: nodes, boot: BootParameters(movableCore: .percent(50)))
        // 13312 MiB: 6656 for the kernel, a third each is 2218 and two thirds; node 2 has 1024 only.
        #expect(
            cut(half) == [
                "0 Normal 0-2816", "0 Movable 2816-4096", "1 Normal 4096-6912", "1 Movable 6912-12288",
                "2 Normal 12288-13312",
            ])
        let both = BootParameters(movableCore: .bytes(12 << 30), kernelCore: .bytes(9 << 30))
        let greater = Topology(architecture: .other, nodes: [node(0, 0..<16384)], boot: both)
        #expect(cut(greater) == ["0 Normal 0-9216", "0 Movable 9216-16384"])
    }

    @Test func `movable_node gives hot-pluggable nodes to Movable, whatever kernelcore says`() {
        let nodes = [node(0, 0..<8192), node(1, 8192..<16384, hotPluggable: true)]
        let boot = BootParameters(kernelCore: .bytes(1 << 30), movableNode: true)
        #expect(
            cut(Topology(nodes: nodes, boot: boot)) == [
                "0 DMA 0-16", "0 DMA32 16-4096", "0 Normal 4096-8192", "1 Movable 8192-16384",
            ])
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `no cut loses or doubles a page`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var address = Int.random(in: 0..<3000, using: &random)
        var nodes: [Topology.Node] = []
        for id in 0..<Int.random(in: 1...6, using: &random) {
            var ranges: [Range<PageFrame>] = []
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let size = Int.random(in: 1...(1 << 20), using: &random)
                ranges.append(PageFrame(address)..<PageFrame(address + size))
                address += size + Int.random(in: 0...10_000, using: &random)
            }
            nodes.append(.init(id: NodeID(id), memory: ranges, isHotPluggable: id > 2))
        }
        let amount =
            [nil, .percent(Int.random(in: 0...100, using: &random)), .bytes(random.next() >> 33)]
            as [BootParameters.Amount?]
        let boot = BootParameters(
            movableCore: amount.randomElement(using: &random) ?? nil,
            kernelCore: amount.randomElement(using: &random) ?? nil,
            movableNode: Bool.random(using: &random), cma: UInt64.random(in: 0...(1 << 28), using: &random))
        for architecture in Architecture.allCases {
            let topology = Topology(architecture: architecture, nodes: nodes, boot: boot)
            let spans = topology.zoneSpans()
            let present = nodes.reduce(0) { $0 + topology.presentMemory(of: $1).totalPages }
            #expect(spans.reduce(0) { $0 + $1.present } == present, "\(random) \(architecture)")
            for span in spans {
                #expect(span.spanned > 0 && span.present <= span.spanned && span.managed <= span.present)
                #expect(span.managedRanges.totalPages == span.managed && span.cmaRanges.totalPages == span.cma)
            }
            for (left, right) in zip(spans, spans.dropFirst()) where left.node == right.node {
                #expect(left.end <= right.start && left.kind < right.kind, "\(random) \(architecture)")
            }
        }
    }
}
