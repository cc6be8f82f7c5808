import BuddyEngine
import GFP
import PageAllocator
import TestSupport
import Testing
import Topology

/// A repeatable mix of requests and frees against a machine.
struct RandomLoad {
    var generator: SeededGenerator
    var held: [(frame: PageFrame, order: Order)] = []
    /// Of a hundred steps, how many are requests.
    var share = 55

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    private static let masks: [GFPFlags] = [
        .GFP_KERNEL, .GFP_KERNEL, .GFP_ATOMIC, .GFP_NOWAIT, .GFP_HIGHUSER_MOVABLE, .GFP_HIGHUSER_MOVABLE,
        [.GFP_KERNEL, .reclaimable], [.GFP_KERNEL, .dma32], [.GFP_ATOMIC, .dma], [.GFP_ATOMIC, .noMemAlloc],
        [.GFP_NOWAIT, .thisNode], [.GFP_KERNEL, .memAlloc],
    ]
    private static let orders = [0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

    /// One step; returns what the machine answered.
    mutating func step(_ machine: inout Machine) -> String {
        let cpu = machine.cpuIDs[Int.random(in: machine.cpuIDs.indices, using: &generator)]
        let roll = Int.random(in: 0..<100, using: &generator)
        if roll < share {
            let nodes = machine.nodeIDs
            var request = AllocationRequest(
                Self.masks[Int.random(in: Self.masks.indices, using: &generator)],
                order: Order(Self.orders[Int.random(in: Self.orders.indices, using: &generator)]), cpu: cpu)
            if request.order > machine.maximumOrder { request.order = machine.maximumOrder }
            if Bool.random(using: &generator) { request.node = nodes.randomElement(using: &generator) }
            if roll % 7 == 0 { request.nodemask = NodeMask(nodes.filter { _ in Bool.random(using: &generator) }) }
            guard let frame = machine.allocate(request) else { return "refused" }
            held.append((frame, request.order))
            return "\(frame) \(request.order)"
        }
        if roll == 99 {
            machine.drainAll()
            return "drained"
        }
        guard !held.isEmpty else { return "nothing" }
        let index = Int.random(in: held.indices, using: &generator)
        held.swapAt(index, held.count - 1)
        let block = held.removeLast()
        machine.free(block.frame, order: block.order, cpu: cpu)
        return "freed \(block.frame)"
    }

    /// Fills the machine until requests are refused, then goes back and forth.
    mutating func run(_ machine: inout Machine, steps: Int) -> [String] {
        var answers: [String] = []
        answers.reserveCapacity(steps)
        for _ in 0..<steps { answers.append(step(&machine)) }
        return answers
    }

    mutating func freeAll(_ machine: inout Machine) {
        for block in held { machine.free(block.frame, order: block.order) }
        held = []
        machine.drainAll()
    }
}

/// Machines small enough to be exhausted, of every shape that matters.
struct SampleMachine: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var topology: Topology

    /// Page frames of a range in MiB.
    static func mib(_ range: Range<Int>) -> Range<PageFrame> {
        PageFrame(range.lowerBound << 8)..<PageFrame(range.upperBound << 8)
    }

    static let all: [SampleMachine] = [KernelVersion(6, 1), KernelVersion(6, 12)].flatMap { kernel in
        [
            SampleMachine(
                testDescription: "one node, \(kernel)",
                topology: Topology(
                    kernel: kernel, nodes: [.init(id: 0, cpus: [0, 1], memory: [mib(0..<96)])],
                    sysctls: Sysctls(minFreeKbytes: 2048))),
            SampleMachine(
                testDescription: "two nodes with DMA32 and Normal, \(kernel)",
                topology: Topology(
                    kernel: kernel,
                    nodes: [
                        .init(id: 0, cpus: [0, 1], memory: [mib(1..<40), mib(4096..<4136)]),
                        .init(id: 2, cpus: [2, 5], memory: [mib(4136..<4200)]),
                    ],
                    sysctls: Sysctls(minFreeKbytes: 4096))),
            SampleMachine(
                testDescription: "interleaved nodes with a Movable zone, \(kernel)",
                topology: Topology(
                    kernel: kernel,
                    nodes: [
                        .init(id: 0, cpus: [0], memory: [mib(4096..<4128), mib(4160..<4192)]),
                        .init(id: 1, cpus: [1, 2], memory: [mib(4128..<4160), mib(4192..<4255)]),
                        .init(id: 3, cpus: [3]),
                    ],
                    boot: BootParameters(movableCore: .bytes(32 << 20)), sysctls: Sysctls(minFreeKbytes: 2048),
                    reserved: [PageFrame(4100 << 8)..<PageFrame(4100 << 8 + 77)])),
        ]
    }
}
