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
    private var machine: Machine
    private let lru: LRUReclaim

    /// Pages that no kill frees: tmpfs and the shell of the recordings' guest. When page cache fills the guest, they
    /// are the only movable pages: 1063 to 1071 of them.
    static let guestPages = 1070

    /// How long these take in the recordings' guests, including probes, in microseconds.
    ///
    /// Under CFS, kswapd runs at once whenever the requester has run a millisecond longer. In `k61-live-cache-order0`
    /// that lasts for 38 rounds of 5.4 requests in the small zone, and for 15 rounds of 57 in the large one, from a
    /// lead of 3 ms on. So a request costs nearly as much as four reclaimed pages, and a turn of kswapd 45 µs more. In
    /// `k612-live-cache-order0`, 221 requests of 4 pages and the 884 pages reclaimed for them take 5 ticks of 4 ms. A
    /// victim frees about 700 pages in a turn. The other recordings were not used for these figures.
    static let costs = CPUCosts(
        request: 46, reclaimedPage: 12, fruitlessPass: 10, exitedPage: 5, kswapdTurn: 45, hundredPagesScanned: 10,
        movedPage: 12)

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
        machine.reclaimTiming = .sharedCPU(Self.costs)
    }

    /// Makes a recording's requests under a profile's rules (nil: those of the recording's kernel) and compares the
    /// results.
    public static func verify(
        _ recording: Recording, under profile: KernelProfile? = nil
    ) throws(MachineError) -> LiveVerificationResult {
        var verifier = try LiveVerifier(recording, under: profile)
        return verifier.run()
    }

    /// Fills the LRU. It is not recorded which pages are anonymous and which are page cache, but it can be inferred:
    /// block devices' page cache is allocated unmovable (`mapping_gfp_mask`), anonymous memory and tmpfs movable, and
    /// each is in pageblocks of its type. If most memory is movable, a process holds it, except the guest's own at the
    /// end of memory, allocated at boot.
    private mutating func fillLists() {
        var movable: [Range<PageFrame>] = []
        var cache: [Range<PageFrame>] = []
        // The highest zone was filled first.
        for snapshot in recording.before.zones.reversed() {
            for run in snapshot.exact?.pages ?? [] where run.use == .movable {
                for page in 0..<run.count {
                    let frame = run.first + page
                    let isMovable = machine.pageblockType(of: frame) == .movable
                    if isMovable { movable.add(frame) } else { cache.add(frame) }
                }
            }
        }
        let pages = movable.reduce(0) { $0 + $1.pages }
        let isHeld = pages > cache.reduce(0) { $0 + $1.pages }
        let owner = isHeld ? lru.addProcess("the process that holds memory") : nil
        var left = isHeld ? Self.guestPages : pages
        for run in movable.sorted(by: { $0.lowerBound > $1.lowerBound }) {
            let own = min(left, run.pages)
            left -= own
            lru.add((run.upperBound + -own)..<run.upperBound, .anonymous, in: &machine)
        }
        for run in movable {
            for page in 0..<run.pages where !lru.holds(run.lowerBound + page) {
                lru.add((run.lowerBound + page)..<(run.lowerBound + page + 1), .anonymous, owner: owner, in: &machine)
            }
        }
        // Besides a process these are few, and mapped.
        if !isHeld { for run in cache { addCache(run) } }
    }

    /// Adds page cache, in folios where they fit.
    private mutating func addCache(_ run: Range<PageFrame>) {
        let order = machine.profile.reclaim.cacheFolioOrder
        let size = UInt64(order.pages)
        let first = PageFrame(rawValue: (run.lowerBound.rawValue + size - 1) / size * size)
        let end = PageFrame(rawValue: run.upperBound.rawValue / size * size)
        guard order > 0, first < end else { return lru.add(run, .file, in: &machine) }
        lru.add(run.lowerBound..<first, .file, in: &machine)
        lru.add(first..<end, .file, folioOrder: order, in: &machine)
        lru.add(end..<run.upperBound, .file, in: &machine)
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

extension [Range<PageFrame>] {
    /// Adds a page to the last run if it follows it, else as a new run.
    fileprivate mutating func add(_ frame: PageFrame) {
        if let end = last?.upperBound, end == frame {
            self[count - 1] = self[count - 1].lowerBound..<(frame + 1)
        } else {
            append(frame..<(frame + 1))
        }
    }
}
