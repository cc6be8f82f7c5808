import BuddyEngine
import Foundation
import GFP
import KernelText
import PageAllocator
import Simulation
import SourceText
import TestSupport
import Topology

/// Frees nothing, and ends boosts at once: what lock-step takes kswapd to do.
final class PromptKswapd: ReclaimHook {
    func reclaim(_ call: ReclaimCall, in machine: inout Machine) -> Int {
        guard call.reason == .kswapd else { return 0 }
        machine.endBoost(of: call.node)
        return 1
    }
}

/// Traces made by a machine of our own: in lock-step on the same start they must agree in everything.
enum TraceMaker {
    static let topology = Topology(
        name: "two small nodes",
        nodes: [
            Topology.Node(id: 0, cpus: [0, 1], memory: [PageFrame(rawValue: 0)..<PageFrame(rawValue: 1 << 15)]),
            Topology.Node(id: 1, cpus: [2, 3], memory: [PageFrame(rawValue: 1 << 15)..<PageFrame(rawValue: 1 << 16)]),
        ])

    static let vocabulary: TraceVocabulary = {
        var vocabulary = TraceVocabulary()
        vocabulary.masks = [
            .init(text: "GFP_HIGHUSER_MOVABLE", flags: [.highMem, .movable, .io, .fs, .hardWall, .reclaim]),
            .init(text: "GFP_KERNEL", flags: [.io, .fs, .reclaim]),
            .init(text: "GFP_KERNEL|__GFP_RECLAIMABLE", flags: [.io, .fs, .reclaim, .reclaimable]),
            .init(text: "GFP_ATOMIC", flags: [.high, .kswapdReclaim]),
        ]
        vocabulary.marks = ["oracle_state start", "oracle_state end"]
        return vocabulary
    }()

    /// - Parameter fullness: The share of memory in use that the load keeps near.
    static func make(events: Int, seed: UInt64, fullness: Double = 0.5) throws -> [TraceEvent] {
        var machine = try Machine(topology)
        machine.reclaimHook = PromptKswapd()
        var generator = SeededGenerator(seed: seed)
        var live: [(frame: PageFrame, order: Order)] = []
        var made: [TraceEvent] = []
        var used = 0
        let most = Int(Double(1 << 16) * fullness)
        while made.count < events {
            let cpu = CPUID(UInt32.random(in: 0..<4, using: &generator))
            let time = UInt64(made.count) * 1000
            if live.isEmpty || Int.random(in: 0..<(2 * most), using: &generator) > used {
                let mask = Int.random(in: 0..<vocabulary.masks.count, using: &generator)
                let order = Order([0, 0, 0, 0, 1, 2, 3, 5, 9].randomElement(using: &generator) ?? 0)
                let request = AllocationRequest(vocabulary.masks[mask].flags, order: order, cpu: cpu)
                let frame = machine.allocate(request)
                made.append(
                    TraceEvent(
                        frame == nil ? .refusal : .allocation, frame: frame?.rawValue ?? 0, order: order.rawValue,
                        cpu: cpu.rawValue, time: time, task: cpu.rawValue + 10, detail: UInt32(mask)))
                if let frame {
                    live.append((frame, order))
                    used += order.pages
                }
            } else {
                live.swapAt(Int.random(in: 0..<live.count, using: &generator), live.count - 1)
                let (frame, order) = live.removeLast()
                used -= order.pages
                machine.free(frame, order: order, cpu: cpu)
                made.append(
                    TraceEvent(
                        .free, frame: frame.rawValue, order: order.rawValue, cpu: cpu.rawValue, time: time,
                        task: cpu.rawValue + 10))
            }
        }
        return made
    }

    /// The binary form of a trace.
    static func file(
        _ events: [TraceEvent], packing: BinaryTrace.Packing = .compressed
    ) throws -> [UInt8] {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("trace-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        do {
            var writer = try BinaryTraceWriter.create(path, kernel: KernelVersion(6, 12), packing: packing)
            try writer.write(events, vocabulary: vocabulary)
            try writer.finish()
        }
        return try SourceFile.load(path).bytes
    }
}
