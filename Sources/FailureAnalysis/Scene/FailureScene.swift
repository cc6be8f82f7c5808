import BuddyEngine
import GFP
import KernelLog
import PageAllocator
import Topology

/// A report with its machine rebuilt and its request repeated on it: the basis on which causes are determined and
/// remedies tried.
struct FailureScene {
    let report: FailureReport
    let request: FailedRequest
    var machine: ReportedMachine
    /// The request in the form in which it is made on the rebuilt machine.
    var asked: AllocationRequest
    var record: WalkRecord
    var assumptions: [Assumption]
    private let completion: ReportedMachine.Completion
    private let bench: TrialBench
    /// Whether the state lies between the marks and only the last attempt before an OOM kill refuses the request, which
    /// keeps the high mark (`__alloc_pages_may_oom`, mm/page_alloc.c, 6.12).
    var isRefusedAtHighMark = false

    /// Whether only the test of free blocks by order that kernels before 4.4 made refuses the request.
    var isRefusedByHistoricRule = false

    var isRefused: Bool { record.isRefused || isRefusedAtHighMark || isRefusedByHistoricRule }

    /// Pages that would have to be in use in addition for the request to be refused; nil: the request is refused, or no
    /// such number is known.
    private(set) var margin: Int?

    /// Pages of each zone that are assumed to have been freed between the refusal and the report.
    var freedSince: [ZoneReference: Int] = [:]

    var pageSize: Int { machine.snapshot.topology.pageSize }
    var kinds: [ZoneKind] { machine.snapshot.topology.architecture.zoneKinds }

    /// Rebuilds the machine and repeats the request; nil if the report lists no zones.
    ///
    /// - Throws: `MachineError` if the report's figures make no machine.
    init?(
        _ report: FailureReport, _ request: FailedRequest, completion: ReportedMachine.Completion = .adverse,
        bench: TrialBench
    ) throws(MachineError) {
        guard let machine = ReportedMachine(report, completion: completion), (0...63).contains(request.order) else {
            return nil
        }
        self.report = report
        self.request = request
        self.machine = machine
        self.completion = completion
        self.bench = bench
        assumptions = request.assumptions
        var asked = AllocationRequest(request.gfp, order: Order(request.order), task: request.task)
        asked.cpu = machine.snapshot.topology.nodes.first?.cpus.first ?? 0
        if let nodes = request.nodes, request.binding != .thisNode { asked.nodemask = NodeMask(nodes) }
        self.asked = asked
        asked.node = machine.snapshot.topology.nodes.first?.id
        record = try bench.ask(asked, on: machine)
        if request.binding == .thisNode { try askForItsNode() }
        if !isRefused { try askWithFewHighAtomicBlocks() }
        if !isRefused { try askWithUnprintedReservation() }
        if !isRefused { applyHistoricOrderRule() }
        if !isRefused, report.kind == .oomKill { try askAtHighMark() }
        if !isRefused { try askBeforeTheLastPagesCame() }
        assumptions += self.machine.assumptions.map { .layout($0) }
    }

    /// Ties the request to a node that refuses it: the flag (`__GFP_THISNODE`) does not say which node is meant.
    private mutating func askForItsNode() throws(MachineError) {
        let named = request.nodes?.first
        let listed = machine.snapshot.zones.map(\.span.node)
        for node in named.map({ [$0] }) ?? Set(listed).sorted() where listed.contains(node) {
            asked.node = node
            record = try bench.ask(asked, on: machine)
            if record.isRefused || named != nil {
                if named == nil, Set(listed).count > 1 {
                    assumptions.append(.tiedToNodeThatRefuses(node))
                }
                return
            }
        }
        // A node that is nearly full, where others are not, was probably full when the request was refused.
        let scarce = Set(listed).sorted().filter { node in
            !machine.snapshot.zones.contains { $0.span.node == node && couldServe($0) }
        }
        if named == nil, scarce.count == 1, Set(listed).count > 1 {
            asked.node = scarce[0]
            record = try bench.ask(asked, on: machine)
            assumptions.append(.tiedToScarcestNode(scarce[0]))
            return
        }
        let empty = named ?? (0..<NodeID.limit).lazy.map { NodeID($0) }.first { !listed.contains($0) } ?? 0
        if !machine.snapshot.topology.nodes.contains(where: { $0.id == empty }) {
            machine.snapshot.topology.nodes.append(Topology.Node(id: empty))
            machine.snapshot.topology.nodes.sort { $0.id < $1.id }
            machine.snapshot.topology.distances = DistanceMatrix(
                nodes: machine.snapshot.topology.nodes.map(\.id), remote: 20)
        }
        assumptions.append(.tiedToNodeWithoutMemory(empty))
        asked.node = empty
        record = try bench.ask(asked, on: machine)
    }

    private mutating func askWithFewHighAtomicBlocks() throws(MachineError) {
        guard let other = ReportedMachine(report, highAtomic: .fewest, completion: completion) else { return }
        let second = try bench.ask(asked, on: other)
        guard second.isRefused else { return }
        machine = other
        record = second
    }

    /// Repeats the request with a reservation for atomic requests that the report does not print. Kernels from 4.4 on
    /// reserve pageblocks for them, but print the amount only from 5.6 on: whole pageblocks, up to one hundredth of the
    /// zone plus one pageblock (`reserve_highatomic_pageblock`, mm/page_alloc.c, 6.1). The letter `H` marks their free
    /// blocks.
    private mutating func askWithUnprintedReservation() throws(MachineError) {
        var other = machine
        let usages = report.memory.map { ZoneUsageIndex($0) }
        for index in other.snapshot.zones.indices {
            let zone = other.snapshot.zones[index]
            guard let usage = usages?[zone],
                usage.reservedHighAtomic == nil,
                usage.freeBlocks?.contains(where: { $0.types?.contains(.highAtomic) ?? false }) ?? false
            else { continue }
            let pageblock = other.snapshot.topology.pageblockOrder.pages
            let most = zone.span.managed / 100 + pageblock
            other.snapshot.zones[index].reservedHighAtomic = (most + pageblock - 1) / pageblock * pageblock
        }
        guard other != machine, report.assumedKernel.has(.highAtomicReserve), !isServedByAHair else { return }
        let second = try bench.ask(asked, on: other)
        guard second.isRefused else { return }
        assumptions.append(.unprintedReservation)
        machine = other
        record = second
    }

    /// Whether a request that cannot sleep passes by no more than one per-CPU batch of pages: pages that a CPU has
    /// freed since then explain that as well as an amount that was not printed.
    private var isServedByAHair: Bool {
        !request.maySleep && allowedZones.reduce(0) { $0 + $1.surplus(isLastLook: false) } <= 63
    }

    private mutating func applyHistoricOrderRule() {
        let isAtMin = refusesByHistoricRule(machine, order: request.order)
        // The state is printed after the refusal. A request that just passes the min mark but fails the low mark was
        // refused.
        guard isAtMin || refusesByHistoricRule(machine, order: request.order, isAtLow: true) else { return }
        isRefusedByHistoricRule = true
        for index in record.looks.indices {
            if record.looks[index].verdict == .served { record.looks[index].verdict = .noBlock }
            let marks = machine.snapshot.zones.first { $0.span.reference == record.looks[index].zone }?.watermarks
            guard let min = marks?.min else { continue }
            record.looks[index].mark = min
            record.looks[index].test.mark = min
        }
        assumptions.append(.historicOrderRule(passesAtMin: !isAtMin))
    }

    func refusesByHistoricRule(_ machine: ReportedMachine, order: Int, isAtLow: Bool = false) -> Bool {
        guard HistoricOrderRule.applies(to: report.assumedKernel, order: order) else { return false }
        return machine.snapshot.zones.filter { allows($0) && $0.span.managed > 0 }.allSatisfy { zone in
            let standing = ZoneStanding(
                zone, order: order, flags: flags, highest: highestZoneIndex, profile: machine.profile)
            let required = isAtLow ? zone.watermarks?.low ?? 0 : standing.minMarkInForce
            return HistoricOrderRule.refuses(standing, order: order, required: required)
        }
    }

    private mutating func askAtHighMark() throws(MachineError) {
        let second = try bench.ask(plain(asked), on: Self.lastLook(machine))
        guard second.isRefused else { return }
        isRefusedAtHighMark = true
        record = second
        assumptions.append(.highMarkOfLastLook)
    }

    /// Repeats the request with the pages taken away that were freed after the refusal: a report is printed later, and
    /// meanwhile kswapd, reclaim and exiting processes free pages. This is assumed only where it takes no more than
    /// 1/32 of the zones' pages to have the request refused.
    private mutating func askBeforeTheLastPagesCame() throws(MachineError) {
        guard report.kind != .allocationStall else { return }
        var earlier = self
        earlier.isRefusedAtHighMark = report.kind == .oomKill
        // A request that the low mark refuses may still be allowed to go below it.
        for _ in 0..<3 {
            earlier.takeSurplus()
            let freed = earlier.freedSince.values.reduce(0, &+)
            guard freed > 0 else { return }
            earlier.record =
                earlier.isRefusedAtHighMark
                ? try bench.ask(plain(asked), on: Self.lastLook(earlier.machine))
                : try bench.ask(asked, on: earlier.machine)
            guard earlier.record.isRefused else { continue }
            margin = freed
            // Where memory is plentiful, a block may have been freed in the meantime, or have been on another CPU's
            // list.
            let mayBeBlock = request.order > 0 && allowedZones.contains { $0.isPlentiful() }
            guard !mayBeBlock, freed <= allowedZones.reduce(0, { $0 + $1.managed }) / 32 else { return }
            self = earlier
            assumptions.append(.freedSince(pages: freed))
            return
        }
    }

    /// Takes from each zone the pages that let the request pass.
    private mutating func takeSurplus() {
        for zone in allowedZones {
            let pages = zone.surplus(isLastLook: isRefusedAtHighMark)
            guard pages > 0,
                let index = machine.snapshot.zones.firstIndex(where: { $0.span.reference == zone.reference })
            else { continue }
            freedSince[zone.reference, default: 0] += pages
            machine.snapshot.zones[index].freePages = max(0, (machine.snapshot.zones[index].freePages ?? 0) - pages)
            machine.snapshot.zones[index].exact?.freePagesCounter -= pages
        }
    }

    /// The machine as the last attempt before a kill sees it: with its high marks in place of the min marks.
    static func lastLook(_ machine: ReportedMachine) -> ReportedMachine {
        var strict = machine
        for index in strict.snapshot.zones.indices {
            guard let marks = strict.snapshot.zones[index].watermarks else { continue }
            strict.snapshot.zones[index].watermarks = WatermarkValues(
                min: marks.high, low: marks.high, high: marks.high, boost: marks.boost)
        }
        return strict
    }

    /// The request without any access to reserves.
    func plain(_ request: AllocationRequest) -> AllocationRequest {
        var plain = request
        plain.gfp.subtract([.high, .atomic])
        plain.task = []
        return plain
    }

    /// The zone that would serve a request on a changed machine, by all the tests that the reported request had to
    /// pass; nil: it would be refused.
    func zoneServing(_ request: AllocationRequest, on machine: ReportedMachine) -> ZoneReference? {
        let isLastLook = isRefusedAtHighMark
        let record =
            isLastLook
            ? try? bench.ask(plain(request), on: Self.lastLook(machine)) : try? bench.ask(request, on: machine)
        guard let record, !record.isRefused else { return nil }
        return refusesByHistoricRule(machine, order: Int(request.order.rawValue)) ? nil : record.zone
    }
}
