import BuddyEngine
import GFP
import PageAllocator
import Topology

/// Makes the requests of a live recording on the machine as it was before, with an LRU that holds what the recording
/// says was on one, and compares what came of it. Other tasks ran beside the recorded kernel's requests, so figures can
/// only be near.
public struct LiveVerifier: ~Copyable {
    public let recording: Recording
    var machine: Machine
    let lru: LRUReclaim

    /// Pages that no kill frees: tmpfs and the shell of the recordings' guest. Where page cache fills it, they are all that
    /// is movable: 1063 to 1071 pages.
    static let guestPages = 1070

    /// What the recordings' guests take for these, probes and all, in microseconds.
    ///
    /// Under CFS kswapd runs at once as long as the requester has run a millisecond more. In `k61-live-cache-order0` it keeps that
    /// up for 38 rounds of 5.4 requests in the small zone, and for 15 rounds of 57 in the large one, from a lead of 3 ms on. So
    /// a request costs nearly as much as four reclaimed pages, and a turn of kswapd 45 µs more. In `k612-live-cache-order0` 221
    /// requests of 4 pages and the 884 pages reclaimed for them take 5 ticks of 4 ms. A victim gives back about 700 pages a
    /// turn. The other recordings were not used for these figures.
    static let costs = CPUCosts(
        request: 46, reclaimedPage: 12, fruitlessPass: 10, exitedPage: 5, kswapdTurn: 45, hundredPagesScanned: 10,
        movedPage: 12)

    /// The same in guests whose time is that of the host: memory is waited for, which counting instructions leaves out.
    ///
    /// In `k510-live-order2` kswapd wins for 42 rounds of 8.2 requests and 33 pages, and for 4 or 5 of 108 requests and 434
    /// pages, before its lead of 2 ms is gone: a page takes more than a third of what a request takes, and a turn of kswapd 20 µs.
    static let costsOnHost = CPUCosts(
        request: 46, reclaimedPage: 18, fruitlessPass: 10, exitedPage: 5, kswapdTurn: 20, hundredPagesScanned: 10,
        movedPage: 12)

    /// A run that was refused in the end is played on for that many times its requests.
    static let mostExtra = 2

    /// - Parameters:
    ///   - recording: A live one.
    ///   - profile: The rules; nil: those of the recording's kernel.
    /// - Throws: `MachineError` if the recorded state is none that an allocator can be in.
    public init(_ recording: Recording, under profile: KernelProfile? = nil) throws(MachineError) {
        self.recording = recording
        machine = try Machine.restoring(recording.before, profile: profile)
        machine.checksFrees = false
        lru = LRUReclaim()
        fillLists()
        machine.reclaimHook = lru
        machine.reclaimTiming = .sharedCPU(recording.countsInstructions ? Self.costs : Self.costsOnHost)
    }

    /// Makes a recording's requests under a profile's rules (nil: those of the recording's kernel) and compares.
    public static func verify(
        _ recording: Recording, under profile: KernelProfile? = nil
    ) throws(MachineError) -> LiveVerificationResult {
        var verifier = try LiveVerifier(recording, under: profile)
        return verifier.run()
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
        machine.letTimePassForRequest()
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
