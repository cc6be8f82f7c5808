import GFP
import KernelLog
import PageAllocator
import Topology

/// What most likely happened between a refusal and the state that its report printed, where that state would serve the
/// request.
///
/// Each step is there only because the log shows something of it. Amounts are in pages unless noted.
public struct LikelyCourse: Hashable, Sendable {
    /// In order of time.
    public let steps: [Step]

    public enum Step: Hashable, Sendable {
        /// Reports of the same log shortly before: how many, and how many of their requests could not wait.
        case refusedBefore(reports: Int, urgent: Int, seconds: Int)
        /// When the request was refused, at least so many fewer pages were free than were printed.
        case fell(pages: Int, free: Int, Pace)
        /// There are so many blocks of the order now: fewer pages lie in them than would have to be gone.
        case blockWasMissing(order: Int, blocks: Int)
        /// The request may wait: it reclaimed, and for a block compacted, before it was refused.
        case reclaimedItself(isBlock: Bool)
        /// The request woke kswapd.
        case kswapd(KswapdState)
        /// A process was killed before this report, by the log.
        case killed(name: String, pid: Int, pages: Int, seconds: Int)
        /// So many pages lie on CPUs' own lists, where a request on another CPU does not get them.
        case onCPULists(pages: Int)
        /// The CPUs' lists were emptied for the request, which a request that may wait does before it gives up; so many
        /// pages are on them again.
        case emptiedCPULists(left: Int)
        /// An earlier report has a larger boost of the marks.
        case boostDecayed(from: Int, to: Int)
        /// An earlier report has more kept for atomic requests of high orders.
        case releasedHighAtomic(from: Int, to: Int)
        /// The state was read so long after the report's first line, in milliseconds.
        case printedLater(milliseconds: Int)
        /// What was free when the state was printed, and in an earlier report.
        case printed(free: Int, before: Int?)
    }

    /// How free memory fell to the mark.
    public enum Pace: Hashable, Sendable {
        /// The request cannot wait and may go below the min mark, so others like it were faster than reclaim.
        case urgentBurst
        /// The request can neither wait nor go below the min mark.
        case atMinMark
        /// The request may wait, so reclaim could not keep up.
        case fasterThanReclaim
    }

    /// What the printed state shows of kswapd.
    public enum KswapdState: Hashable, Sendable {
        /// A zone is below its high mark, so that it is still at work; pages that it has isolated, and pages that are
        /// being written.
        case atWork(isolated: Int, written: Int)
        /// All zones are above their high marks, where it stops.
        case done
        /// `all_unreclaimable? yes`.
        case givenUp
    }

    /// How long before a report others count, in seconds: kernels print a refusal in 10 s (`warn_alloc`, mm/page_alloc.c,
    /// 5.10 to 7.3), and up to 4.x ten in 5 s.
    static let window = 30.0

    /// Nil if the printed state refuses the request, or nothing was rebuilt.
    ///
    /// - Parameters:
    ///   - analysis: The analysis of the report.
    ///   - earlier: Those of the reports before it in the log.
    init?(_ analysis: FailureAnalysis, after earlier: [FailureAnalysis]) {
        guard let figures = analysis.figures, let request = analysis.request, analysis.kill == nil,
            let missing = analysis.isRefused == false ? figures.margin : figures.freedSince, missing > 0,
            analysis.verdict != .undecided, !figures.places.isEmpty
        else { return nil }
        let before = EarlierReports(analysis.report, earlier)
        let free = analysis.zones.filter { figures.places.contains($0.zone) }.reduce(0) { $0 &+ ($1.free ?? 0) }
        var steps = before.refusals.map { [$0] } ?? []
        let isBlock = request.order > 0 && figures.blocksLeft > 0 && figures.blocksLeft << request.order < missing
        steps.append(
            isBlock
                ? .blockWasMissing(order: request.order, blocks: figures.blocksLeft)
                : .fell(pages: missing, free: max(0, free - missing), Self.pace(request)))
        if request.maySleep { steps.append(.reclaimedItself(isBlock: request.order > 0)) }
        if request.gfp.contains(.kswapdReclaim), let state = Self.kswapd(analysis) { steps.append(.kswapd(state)) }
        if let kill = before.lastKill { steps.append(kill) }
        if let lists = Self.lists(analysis.report, request) { steps.append(lists) }
        steps += before.changes(analysis, places: figures.places)
        if let delay = before.printingTime { steps.append(.printedLater(milliseconds: delay)) }
        steps.append(.printed(free: free, before: before.free(places: figures.places)))
        self.steps = steps
    }

    private static func pace(_ request: FailedRequest) -> Pace {
        guard !request.maySleep else { return .fasterThanReclaim }
        return request.gfp.contains(.high) ? .urgentBurst : .atMinMark
    }

    /// What the report shows of kswapd; nil: it has no marks.
    private static func kswapd(_ analysis: FailureAnalysis) -> KswapdState? {
        guard let memory = analysis.report.memory, let places = analysis.figures?.places,
            let zones = analysis.machine?.snapshot.zones.filter({ places.contains($0.span.reference) }), !zones.isEmpty
        else { return nil }
        let flags = memory.nodes.compactMap(\.isAllUnreclaimable) + memory.zones.compactMap(\.isAllUnreclaimable)
        if !flags.isEmpty, flags.allSatisfy({ $0 }) { return .givenUp }
        let isAboveHigh = zones.allSatisfy { zone in
            guard let marks = zone.watermarks,
                let free = analysis.zones.first(where: { $0.zone == zone.span.reference })?.free
            else { return false }
            return free > marks.high + marks.boost
        }
        guard !isAboveHigh else { return .done }
        func counter(_ name: String) -> Int { min(max(0, memory.counters[name] ?? 0), 1 << 40) }
        return .atWork(
            isolated: counter("isolated_anon") + counter("isolated_file"), written: counter("writeback"))
    }

    /// What the report shows of the CPUs' lists; nil: it counts none (before 4.1), or there is nothing on them.
    private static func lists(_ report: FailureReport, _ request: FailedRequest) -> Step? {
        guard let pages = report.memory?.counters["free_pcp"], (0...1 << 36).contains(pages) else { return nil }
        if request.maySleep { return .emptiedCPULists(left: pages) }
        return pages > 0 ? .onCPULists(pages: pages) : nil
    }
}
