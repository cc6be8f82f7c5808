import BuddyEngine
import GFP
import PageAllocator
import Topology

/// Makes the requests of a live recording on the machine as it was before, with an LRU that has the pages that were on
/// the recorded kernel's, and compares the results. Other tasks ran on the recorded kernel, so figures can only be
/// close.
public struct LiveVerifier: ~Copyable {
    /// The recording.
    public let recording: Recording
    var machine: Machine
    let lru: LRUReclaim

    /// The pages of the guest itself where its root file system is tmpfs, which no kill frees.
    static let guestPages = 1070

    /// Those of them that are the recorder's: where the root file system is ramfs, they are all that is movable. It waits for
    /// the requests to end, and does not exit when it is killed: `k73-live-oom` kills it second, and nobody after it.
    static let recorderPages = 27

    /// How long these take in the recordings' guests, including probes, in microseconds.
    ///
    /// Under CFS, kswapd runs at once whenever the requester has run a millisecond longer. In `k61-live-cache-order0`
    /// that lasts for 38 rounds of 5.4 requests in the small zone, and for 15 rounds of 57 in the large one, from a
    /// lead of 3 ms on. So a request costs nearly as much as four reclaimed pages, and a turn of kswapd 45 µs more. In
    /// `k612-live-cache-order0`, 221 requests of 4 pages and the 884 pages reclaimed for them take 5 ticks of 4 ms. A
    /// victim frees about 700 pages in a turn, from the first on, so that unmapping them takes next to nothing. The other
    /// recordings were not used for these figures.
    static let costs = CPUCosts(
        request: 46, reclaimedPage: 12, fruitlessPass: 10, exitedPage: 5, kswapdTurn: 45, hundredPagesScanned: 10,
        movedPage: 12)

    /// The costs in guests whose time is that of the host: these include waiting for memory, which a count of instructions
    /// does not.
    ///
    /// In `k510-live-order2`, kswapd wins for 42 rounds of 8.2 requests and 33 pages, and for 4 or 5 rounds of 108 requests
    /// and 434 pages, before its lead of 2 ms is used up: a page costs more than a third of a request, and a turn of kswapd
    /// 20 µs.
    /// In `k73-live-oom`, a requester makes 1604 fruitless reclaims of 13 passes each in the second between two reductions of
    /// the CPU's lists. The victim of `k510-live-oom` gathers its pages, and frees 8,392 within the 20 rounds of reclaim that
    /// the requester makes meanwhile.
    static let costsOnHost = CPUCosts(
        request: 46, reclaimedPage: 18, fruitlessPass: 45, exitedPage: 1, hundredPagesUnmapped: 100, kswapdTurn: 20,
        hundredPagesScanned: 10, movedPage: 12)

    /// A run that ended with a refusal is continued for at most this many times its requests.
    static let mostExtra = 2

    /// - Parameters:
    ///   - recording: A live recording.
    ///   - profile: The rules; nil: those of the recording's kernel.
    /// - Throws: `MachineError` if no allocator can be in the recorded state.
    public init(_ recording: Recording, under profile: KernelProfile? = nil) throws(MachineError) {
        self.recording = recording
        machine = try Machine.restoring(recording.before, profile: profile)
        machine.checksFrees = false
        lru = LRUReclaim()
        fillLists()
        machine.reclaimHook = lru
        machine.reclaimTiming = .sharedCPU(recording.countsInstructions ? Self.costs : Self.costsOnHost)
    }

    /// Makes a recording's requests under a profile's rules (nil: those of the recording's kernel) and compares the
    /// results.
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
            // The recorder made requests of one kind until one was refused, and so does this.
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

    /// Makes one request, and returns the zone that served it.
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

    /// Continues where the recording stopped at a refusal, since this machine may serve some more requests.
    private mutating func playOn(_ tally: inout LiveTally) {
        guard let last = recording.operations.last(where: { $0.action == .allocate }), last.frame == nil else { return }
        var extra = recording.operations.count * Self.mostExtra
        while tally.lastServed, extra > 0 {
            extra -= 1
            tally.lastServed = make(last, recording.operations.count, &tally) != nil
        }
    }
}
