import BuddyEngine
import Foundation
import GFP
import PageAllocator
import SourceText
import TestSupport
import Topology
import Traces

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
                machine.finishKswapd()
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

    /// ftrace's text of a trace.
    static func text(_ events: [TraceEvent]) -> [UInt8] {
        var text = "# tracer: nop\n"
        for event in events {
            let time = "\(event.time / 1_000_000_000)." + String(1_000_000 + event.time / 1000 % 1_000_000).dropFirst()
            text += "  load-\(event.task)  [00\(event.cpu)] .....  \(time): "
            let block = "page=0x1 pfn=0x\(String(event.frame, radix: 16)) order=\(event.order)"
            switch event.kind {
            case .allocation, .refusal:
                let page = event.kind == .refusal ? "page=(null) pfn=0x0 order=\(event.order)" : block
                let mask = vocabulary.masks[Int(event.detail)].text
                text += "mm_page_alloc: \(page) migratetype=0 gfp_flags=\(mask)"
            case .free: text += "mm_page_free: \(block)"
            case .taken: text += "mm_page_alloc_zone_locked: \(block) migratetype=0 percpu_refill=1"
            case .drain: text += "mm_page_pcpu_drain: \(block) migratetype=0"
            case .mark: text += "tracing_mark_write: \(vocabulary.marks[Int(event.detail)])"
            case .batchedFree: text += "mm_page_free_batched: \(block)"
            case .loss, .fallback: text += "mm_page_alloc_nonsense"
            }
            text += "\n"
        }
        return Array(text.utf8)
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
