import BuddyEngine
import GFP
import PageAllocator
import Topology

/// Freeing or adding memory, zone by zone.
extension RemedyTrial {
    func total(_ pages: [ZoneReference: Int]) -> Int { pages.values.reduce(0, &+) }

    /// The machine with pages freed. They count for watermarks; on the lists they are single pages, since nothing says
    /// that they are adjacent.
    func givingBack(_ pages: [ZoneReference: Int], order: Int = 0) -> ReportedMachine {
        var machine = scene.machine
        for index in machine.snapshot.zones.indices {
            guard let count = pages[machine.snapshot.zones[index].span.reference], count > 0 else { continue }
            machine.snapshot.zones[index].giveBack(count, order: order)
        }
        return machine
    }

    /// The machine with a zone for the memory that the report does not list, and how many of its pages are free; nil if
    /// there is none. They are assumed to be in blocks of the largest order.
    ///
    /// - Parameters:
    ///   - above: Whether that memory is above the zones listed, rather than on other nodes.
    func withUnlistedMemory(above: Bool) -> (ReportedMachine, free: Int?) {
        var machine = scene.machine
        let unlisted = scene.unlisted
        guard unlisted.present > 0, unlisted.free > 0, let last = machine.snapshot.zones.last else {
            return (machine, nil)
        }
        let highest = scene.request.highestZone(scene.kinds) ?? .normal
        let kind: ZoneKind = above && highest >= .normal ? .movable : .normal
        let taken = Set(machine.snapshot.zones.map(\.span.reference))
        let nodes = machine.snapshot.topology.nodes.map(\.id)
        let node: NodeID
        if above, let own = nodes.first(where: { !taken.contains(ZoneReference(node: $0, kind: kind)) }) {
            node = own
        } else if let other = (0..<NodeID.limit).lazy.map({ NodeID($0) }).first(where: { !nodes.contains($0) }) {
            node = other
            machine.snapshot.topology.nodes.append(Topology.Node(id: other))
            machine.snapshot.topology.nodes.sort { $0.id < $1.id }
            machine.snapshot.topology.distances = DistanceMatrix(
                nodes: machine.snapshot.topology.nodes.map(\.id), remote: 20)
        } else {
            return (machine, nil)
        }
        machine.snapshot.zones.append(
            ZoneSnapshot.assumed(node, kind, present: unlisted.present, free: unlisted.free, like: last, machine))
        machine.snapshot.zones.sort { ($0.span.node, $0.span.kind) < ($1.span.node, $1.span.kind) }
        return (machine, unlisted.free)
    }
}

extension ZoneSnapshot {
    mutating func giveBack(_ pages: Int, order: Int) {
        guard case .counts(var counts) = free, counts.indices.contains(order) else { return }
        let room = max(0, span.managed - counts.enumerated().reduce(0) { $0 + $1.element.total << $1.offset })
        let given = min(pages, room)
        // The lists need only as many blocks as one request can take; watermarks look at the counter.
        let blocks = min(given >> order, 64)
        counts[order].total += blocks
        counts[order].byType?[.movable, default: 0] += blocks
        free = .counts(counts)
        freePages = (freePages ?? 0) + given
        exact?.freePagesCounter += given
    }

    /// A zone of which only its size and its free pages are known; its marks are in proportion to another's.
    static func assumed(
        _ node: NodeID, _ kind: ZoneKind, present: Int, free: Int, like other: ZoneSnapshot, _ machine: ReportedMachine
    ) -> ZoneSnapshot {
        let top = machine.snapshot.topology.maximumOrder
        let block = top.pages
        let end = machine.snapshot.zones.map { Int(clamping: $0.span.end.rawValue) }.max() ?? 0
        let span = ZoneSpan(
            node: node, kind: kind, start: PageFrame((end + block - 1) / block * block),
            spanned: (present + present / 8) / block * block + 4 * block, present: present, managed: present)
        let scale = { (pages: Int) in Int(Double(pages) * Double(present) / Double(max(1, other.span.managed))) }
        let marks = other.watermarks.map {
            WatermarkValues(min: scale($0.min), low: scale($0.low), high: scale($0.high))
        }
        var counts = (0...Int(top.rawValue)).map { _ in FreeCount(total: 0, byType: [:], presentTypes: []) }
        counts[Int(top.rawValue)] = FreeCount(
            total: free / block, byType: [.movable: free / block], presentTypes: [.movable])
        counts[0] = FreeCount(total: free % block, byType: [.movable: free % block], presentTypes: [.movable])
        let exact = other.exact.map {
            ExactZoneState(
                freePagesCounter: free, pagesetHighMin: $0.pagesetHighMin, pagesetHighMax: $0.pagesetHighMax,
                pagesetBatch: $0.pagesetBatch)
        }
        return ZoneSnapshot(
            span: span, watermarks: marks, lowmemReserve: [], freePages: free, free: .counts(counts), exact: exact)
    }
}
