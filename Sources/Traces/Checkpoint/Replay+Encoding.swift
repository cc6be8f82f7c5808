import BuddyEngine
import PageAllocator
import Topology

/// The part of a replay's state that is neither the machine's nor the trace's.
extension Replay {
    /// The counts of the result that are stored nowhere else.
    private static var counts: [WritableKeyPath<ReplayResult, Int>] {
        [\.requests, \.served, \.refused, \.tracedRefusals, \.servedTracedRefusals, \.frees, \.tracedFallbacks]
            + [
                \.agreement.compared, \.agreement.node, \.agreement.zone, \.agreement.frame,
                \.agreement.refusedHere, \.agreement.underLearntPolicy, \.agreement.notFree, \.agreement.inUse,
                \.agreement.exchanged, \.agreement.movedToList, \.agreement.takenWithoutEvent,
            ]
    }

    func encode(into encoder: inout CheckpointEncoder) throws(TraceError) {
        for count in Self.counts { try encoder.put(result[keyPath: count]) }
        try encoder.put(result.seconds.bitPattern)
        for number in [
            observer.fallbacks, observer.kswapdCalls, observer.kswapdWakes, observer.kcompactdWakes, sequence,
        ] {
            try encoder.put(number)
        }
        try encoder.put(isAfterEnd)
        try encoder.put(eventsByKind.counts)
        try encoder.put(skipped.counts)
        try encoder.put(requestsByMask.counts)
        try encoder.put(requestsByOrder.counts)
        try encoder.put(requestsByCPU.counts)
        try encoder.put(servedByZone.counts)
        try encodeMismatches(into: &encoder)
        try encoder.put(result.fragmentation.interval)
        try encoder.put(result.fragmentation.samples.count)
        for sample in result.fragmentation.samples {
            try encoder.put(sample.event)
            try encoder.put(sample.time)
            try encoder.put(sample.freePages)
            try encoder.put(sample.unusableIndex.bitPattern)
        }
        try encoder.put(table.pairs)
        try encoder.put(lockstep.claimed.pairs)
        try encoder.put(lockstep.substitutes.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] })
        try encoder.put(lockstep.silent.sorted { $0.key < $1.key }.flatMap { [$0.key, UInt64($0.value)] })
        try lockstep.policies.encode(into: &encoder)
        try encoder.put(lockstep.follower.words)
    }

    mutating func decode(from decoder: inout CheckpointDecoder) throws(TraceError) {
        for count in Self.counts { result[keyPath: count] = try decoder.integer() }
        let agreement = result.agreement
        let mostAgreeing = max(agreement.node, agreement.zone, agreement.frame, agreement.refusedHere)
        guard mostAgreeing <= agreement.compared, agreement.compared <= result.requests else {
            throw decoder.damaged("more requests agree than were compared")
        }
        let seconds = Double(bitPattern: try decoder.number())
        guard seconds == 0 || seconds >= 1e-9, seconds < 1e9 else {
            throw decoder.damaged("the time that the replay took is not a time")
        }
        result.seconds = seconds
        observer.fallbacks = try decoder.integer()
        observer.kswapdCalls = try decoder.integer()
        observer.kswapdWakes = try decoder.integer()
        lockstep.kswapdWakesSeen = observer.kswapdWakes
        observer.kcompactdWakes = try decoder.integer()
        sequence = try decoder.integer()
        isAfterEnd = try decoder.flag()
        try Self.decode(&eventsByKind, from: &decoder)
        try Self.decode(&skipped, from: &decoder)
        try Self.decode(&requestsByMask, from: &decoder)
        try Self.decode(&requestsByOrder, from: &decoder)
        let requests = try decoder.integers(atMost: Int(TraceEvent.cpuLimit))
        if !requests.isEmpty { _ = cpu(UInt32(requests.count - 1)) }
        for (cpu, count) in requests.enumerated() { requestsByCPU.set(cpu, to: count) }
        try Self.decode(&servedByZone, from: &decoder)
        try decodeMismatches(from: &decoder)
        try decodeFragmentation(from: &decoder)
        table.insert(pairs: try decoder.numbers())
        lockstep.claimed.insert(pairs: try decoder.numbers())
        for (own, traced) in try Self.pairs(from: &decoder) { lockstep.substitutes[own] = traced }
        for (frame, order) in try Self.pairs(from: &decoder) {
            guard order <= UInt64(TraceEvent.largestOrder) else {
                throw decoder.damaged("a block has an order above 13")
            }
            lockstep.silent[frame] = UInt8(order)
        }
        try lockstep.policies.decode(from: &decoder, nodes: machine.nodeIDs)
        guard lockstep.follower.take(words: try decoder.numbers()) else {
            throw decoder.damaged("what is known of the CPUs' lists does not match them")
        }
        publish()
    }

    private static func decode(_ counts: inout CountTable, from decoder: inout CheckpointDecoder) throws(TraceError) {
        let numbers = try decoder.integers(atMost: counts.count)
        guard numbers.count == counts.count else { throw decoder.damaged("a table of counts has another size") }
        for (index, number) in numbers.enumerated() { counts.set(index, to: number) }
    }

    private static func pairs(from decoder: inout CheckpointDecoder) throws(TraceError) -> [(UInt64, UInt64)] {
        let numbers = try decoder.numbers()
        return stride(from: 0, to: numbers.count - 1, by: 2).map { (numbers[$0], numbers[$0 + 1]) }
    }

    private func encodeMismatches(into encoder: inout CheckpointEncoder) throws(TraceError) {
        let mismatches = result.agreement.mismatches.sorted { $0.key < $1.key }
        try encoder.put(mismatches.count)
        for (mismatch, count) in mismatches {
            for number in [mismatch.traced, mismatch.emulated, mismatch.mask, count] { try encoder.put(number) }
        }
    }

    private mutating func decodeMismatches(from decoder: inout CheckpointDecoder) throws(TraceError) {
        for _ in 0..<(try decoder.integer(0...(1 << 32))) {
            let mismatch = ReplayResult.Agreement.Mismatch(
                traced: try decoder.integer(0...(machine.zoneCount - 1)),
                emulated: try decoder.integer(-1...(machine.zoneCount - 1)),
                mask: try decoder.integer(0...max(masks.count - 1, 0)))
            result.agreement.mismatches[mismatch] = try decoder.integer()
        }
    }

    private mutating func decodeFragmentation(from decoder: inout CheckpointDecoder) throws(TraceError) {
        let interval = try decoder.integer(1...(1 << 60))
        var samples: [FragmentationHistory.Sample] = []
        for _ in 0..<(try decoder.integer(0...FragmentationHistory.most)) {
            let sample = FragmentationHistory.Sample(
                event: try decoder.integer(), time: try decoder.number(), freePages: try decoder.integer(),
                unusableIndex: Double(bitPattern: try decoder.number()))
            guard (0...1).contains(sample.unusableIndex) else { throw decoder.damaged("an index is not from 0 to 1") }
            samples.append(sample)
        }
        guard interval & (interval - 1) == 0 else { throw decoder.damaged("\(interval) is not an interval of samples") }
        result.fragmentation = FragmentationHistory(
            order: options.fragmentationOrder, samples: samples, interval: interval)
    }
}

extension FrameTable {
    /// Frames alternating with their values, in no particular order.
    fileprivate var pairs: [UInt64] {
        var pairs: [UInt64] = []
        forEachBlock { frame, value in pairs += [frame, value.rawValue] }
        return pairs
    }

    fileprivate mutating func insert(pairs: [UInt64]) {
        for index in stride(from: 0, to: pairs.count - 1, by: 2) {
            self[pairs[index]] = FrameTable.Value(rawValue: pairs[index + 1])
        }
    }
}
