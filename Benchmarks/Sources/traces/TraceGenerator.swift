import NUMAZones

/// A steady load of single pages on two CPUs: up to 100,000 pages in use, mostly the young ones freed.
struct TraceGenerator {
    private var state: UInt64
    private var live: [UInt64] = []
    private var free: [UInt64] = []
    private var next: UInt64 = 1 << 20
    private var made = 0

    init(seed: UInt64) { state = seed }

    static let vocabulary: TraceVocabulary = {
        var vocabulary = TraceVocabulary()
        vocabulary.masks = [
            .init(text: "GFP_HIGHUSER_MOVABLE", flags: [.highMem, .movable, .io, .fs, .hardWall, .reclaim]),
            .init(text: "GFP_KERNEL", flags: [.io, .fs, .reclaim]),
        ]
        return vocabulary
    }()

    mutating func batch(_ count: Int) -> [TraceEvent] { (0..<count).map { _ in event() } }

    private mutating func event() -> TraceEvent {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        made += 1
        let cpu = UInt32(made >> 6 & 1)
        let time = UInt64(made) * 1000
        if live.count < 1000 || live.count < 100_000 && state & 1 == 0 {
            var frame = next
            if let old = free.popLast() { frame = old } else { next += 1 }
            live.append(frame)
            return TraceEvent(.allocation, frame: frame, cpu: cpu, time: time, detail: state >> 8 & 7 == 0 ? 1 : 0)
        }
        live.swapAt(live.count - 1 - Int(state >> 16 & 511), live.count - 1)
        let frame = live.removeLast()
        free.append(frame)
        return TraceEvent(.free, frame: frame, cpu: cpu, time: time)
    }
}
