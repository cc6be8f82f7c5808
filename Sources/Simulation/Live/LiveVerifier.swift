import BuddyEngine
import GFP
import PageAllocator
import Topology

/// Makes the requests of a live recording on the machine as it was before, with an LRU that holds what the recording
/// says was on one, and compares what came of it. Other tasks ran beside the recorded kernel's requests, so figures can
/// only be near.
public struct LiveVerifier: ~Copyable {
    public let recording: Recording
    private var machine: Machine
    private let lru: LRUReclaim

    /// Pages of the guest's own that are on an LRU list and cannot go: it has no swap, and its files are in memory.
    /// After a run until refusal 1085 (6.1) and 1123 (6.12) of the movable pages were still in use, and beside an 80 MiB
    /// process there were 1081 and 1136.
    static let guestPages = 1100
    /// A victim shares its CPU with who asks: in the recordings it began to exit after some 15 more reclaims of the
    /// other, and gave back some 700 pages each time it came to run.
    static let exitDelay = 15
    static let exitPages = 700

    /// A run that was refused in the end is played on for so many times its requests.
    static let mostExtra = 2

    /// - Throws: `MachineError` if the recorded state is none that an allocator can be in.
    public init(_ recording: Recording) throws(MachineError) {
        self.recording = recording
        machine = try Machine.restoring(recording.before)
        lru = LRUReclaim()
        lru.exitDelay = Self.exitDelay
        lru.exitPages = Self.exitPages
        // The files are block devices; no recorded migration of such a page came off (`pgmigrate_fail`).
        lru.movesFilePages = false
        fillLists()
        machine.reclaimHook = lru
        // One CPU for all: kswapd's turn comes when the requester sleeps.
        if machine.cpuIDs.count == 1 { machine.reclaimTiming = .whenStalled }
    }

    public static func verify(_ recording: Recording) throws(MachineError) -> LiveVerificationResult {
        var verifier = try LiveVerifier(recording)
        return verifier.run()
    }

    /// Which pages are anonymous and which page cache is not recorded; what kind went away is. The guest's own pages
    /// are taken from the end of memory, where boot took them from.
    private mutating func fillLists() {
        let wasAnonymous =
            -(recording.counterChanges["nr_anon_pages"] ?? 0) > -(recording.counterChanges["nr_file_pages"] ?? 0)
        let owner = wasAnonymous ? lru.addProcess("the process that holds memory") : nil
        var runs: [Range<PageFrame>] = []
        // What filled memory came into the highest zone first.
        for zone in recording.before.zones.reversed() {
            for run in zone.exact?.pages ?? [] where run.use == .movable {
                runs.append(run.first..<(run.first + run.count))
            }
        }
        var left = Self.guestPages
        for run in runs.sorted(by: { $0.lowerBound > $1.lowerBound }) {
            let own = min(left, run.pages)
            left -= own
            lru.add((run.upperBound + -own)..<run.upperBound, .anonymous, in: &machine)
        }
        for run in runs {
            for page in 0..<run.pages where !lru.holds(run.lowerBound + page) {
                let frame = run.lowerBound + page
                lru.add(frame..<(frame + 1), owner == nil ? .file : .anonymous, owner: owner, in: &machine)
            }
        }
    }

    private mutating func run() -> LiveVerificationResult {
        let before = Dictionary(uniqueKeysWithValues: machine.vmstat().map { ($0.name, $0.value) })
        var tally = LiveTally()
        var ended: RecordedOperation?
        for (index, operation) in recording.operations.enumerated() where operation.action == .allocate {
            // Requests of one kind were made until one was refused: so it is here.
            if let ended, ended.gfp == operation.gfp, ended.order == operation.order {
                tally.pass(operation)
                continue
            }
            let zone = make(operation, index, &tally)
            tally.add(index, operation, zone, recording)
            ended = zone == nil ? operation : nil
        }
        playOn(&tally)
        var changes: [String: Int] = [:]
        for line in machine.vmstat() { changes[line.name] = line.value - (before[line.name] ?? 0) }
        return tally.result(of: recording, changes: changes, kills: machine.counters.oomKills)
    }

    /// Makes one request; the zone that served it.
    private mutating func make(
        _ operation: RecordedOperation, _ index: Int, _ tally: inout LiveTally
    ) -> ZoneReference? {
        let stalls = machine.counters.allocStalls.reduce(0, +)
        let frame = machine.allocate(
            AllocationRequest(
                operation.gfp, order: operation.order, cpu: operation.cpu, node: operation.node,
                nodemask: operation.nodemask.map { recording.nodemasks[$0] }))
        if tally.firstReclaim == nil, machine.counters.allocStalls.reduce(0, +) > stalls { tally.firstReclaim = index }
        return frame.flatMap { machine.zone(of: $0) }
    }

    /// The recording stopped at a refusal; this machine may have some requests more to give.
    private mutating func playOn(_ tally: inout LiveTally) {
        guard let last = recording.operations.last(where: { $0.action == .allocate }), last.frame == nil else { return }
        var extra = recording.operations.count * Self.mostExtra
        while tally.lastServed, extra > 0 {
            extra -= 1
            tally.lastServed = make(last, recording.operations.count, &tally) != nil
        }
    }
}
