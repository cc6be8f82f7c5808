import PageAllocator
import Topology

/// What is counted while the requests of a live recording are made.
struct LiveTally {
    var requests = 0
    var agreeing = 0
    var firstDifference: Int?
    var firstReclaim: Int?
    var recordedReclaim: Int?
    var firstRefusal: Int?
    var recordedRefusal: Int?
    var lastServed = false
    var recordedLastServed = false
    var zones: [ZoneReference] = []
    var recordedZones: [ZoneReference] = []

    mutating func add(_ index: Int, _ operation: RecordedOperation, _ zone: ZoneReference?, _ recording: Recording) {
        requests += 1
        recordedLastServed = operation.frame != nil
        lastServed = zone != nil
        if zone == operation.servedBy { agreeing += 1 }
        if recordedLastServed != lastServed, firstDifference == nil { firstDifference = index }
        if zone == nil, firstRefusal == nil { firstRefusal = index }
        if operation.frame == nil, recordedRefusal == nil { recordedRefusal = index }
        if let zone, !zones.contains(zone) { zones.append(zone) }
        if let zone = operation.servedBy, !recordedZones.contains(zone) { recordedZones.append(zone) }
        if recordedReclaim == nil, reclaimed(operation, recording) { recordedReclaim = index }
    }

    /// Counts a request that is not made because one like it has already been refused.
    mutating func pass(_ operation: RecordedOperation) {
        requests += 1
        recordedLastServed = operation.frame != nil
        if operation.frame == nil, recordedRefusal == nil { recordedRefusal = requests - 1 }
    }

    /// Whether the recorded kernel reclaimed or compacted for a request: it then walked more than three times.
    private func reclaimed(_ operation: RecordedOperation, _ recording: Recording) -> Bool {
        var position = operation.events.lowerBound
        var walks = 0
        while position < operation.events.upperBound, let kind = EventWords(rawValue: recording.eventWords[position]) {
            if kind == .walk { walks += 1 }
            position += 1 + kind.length
        }
        return walks > 3
    }

    func result(of recording: Recording, changes: [String: Int], kills: Int) -> LiveVerificationResult {
        let limit = min(firstReclaim ?? .max, recordedReclaim ?? .max)
        let names = Set(recording.counterChanges.keys).union(changes.keys).filter(Self.isCompared).sorted()
        return LiveVerificationResult(
            name: recording.name, about: recording.about, requests: requests,
            outcomesAgree: requests == 0 ? 1 : Double(agreeing) / Double(requests), firstDifference: firstDifference,
            firstReclaim: .init(recorded: recordedReclaim, emulated: firstReclaim),
            agreesUpToReclaim: (firstDifference ?? .max) >= limit,
            firstRefusal: .init(recorded: recordedRefusal, emulated: firstRefusal),
            finalOutcomeAgrees: lastServed == recordedLastServed && (kills > 0) == (recording.oomKills > 0),
            zones: .init(recorded: recordedZones, emulated: zones),
            kills: .init(recorded: recording.oomKills, emulated: kills),
            counters: names.map { name in
                .init(name: name, recorded: recording.counterChanges[name] ?? 0, emulated: changes[name] ?? 0)
            }.filter { $0.recorded != 0 || $0.emulated != 0 })
    }

    /// Whether a counter belongs to the allocator or reclaim, rather than to something that the model lacks.
    private static func isCompared(_ name: String) -> Bool {
        let families = [
            "allocstall", "pgscan", "pgsteal", "kswapd", "pageoutrun", "compact", "pgalloc", "oom", "pgmigrate",
        ]
        return name == "pgfree" || name == "numa_hit" || families.contains { name.hasPrefix($0) }
    }
}
