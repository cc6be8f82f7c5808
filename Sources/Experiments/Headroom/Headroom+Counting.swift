import BuddyEngine
import GFP
import PageAllocator
import Topology

/// Makes the requests of one kind until one is refused.
extension Headroom {
    /// How many were served, and what stopped the next.
    typealias Count = (served: Int, stop: Stop)

    static func blocks(
        _ order: Order, _ gfp: GFPFlags, _ node: NodeID, _ machine: inout Machine, _ shouldContinue: () -> Bool
    ) -> Count? {
        let request = AllocationRequest(
            gfp.union(.thisNode), order: order, cpu: machine.cpu(near: node), node: node)
        let series = machine.make(request, count: nil, explains: true) { _ in shouldContinue() }
        guard !series.isInterrupted else { return nil }
        let visits = series.explanation?.walks.last?.visits ?? []
        let looks = visits.compactMap { visit -> ZoneLook? in
            switch visit {
            case .look(let look): look.judgement
            case .passedOver: nil
            }
        }
        return (series.tally.served, .zones(looks))
    }

    static func ranges(
        _ pages: Int, _ gfp: GFPFlags, _ node: NodeID, _ machine: inout Machine, _ shouldContinue: () -> Bool
    ) -> Count? {
        var search = RangeSearch(
            pages: pages, gfp: gfp.union(.thisNode), node: node, cpu: machine.cpu(near: node))
        var served = 0
        while search.take(from: &machine) != nil {
            served += 1
            guard shouldContinue() else { return nil }
        }
        return (served, .ranges(search.refusals))
    }

    static func buffers(_ pages: Int, _ node: NodeID, _ machine: inout Machine, _ shouldContinue: () -> Bool) -> Count?
    {
        let cpu = machine.cpu(near: node)
        var areas = machine.contiguousAreas(of: node)
        guard !areas.isEmpty else { return (0, .noArea) }
        var served = 0
        var stops: [RangeSearch.Refusals] = []
        for index in areas.indices {
            guard let zone = machine.zone(of: areas[index].pages.lowerBound) else { continue }
            while true {
                let (buffer, refusals) = areas[index].take(
                    pages, alignment: ContiguousArea.alignment(ofPages: pages), from: &machine, cpu: cpu)
                guard buffer == nil else {
                    served += 1
                    guard shouldContinue() else { return nil }
                    continue
                }
                for reason in RangeRefusal.Reason.allCases {
                    let count = refusals.count { $0.reason == reason }
                    if count > 0 { stops.append(.init(zone: zone, reason: reason, ranges: count)) }
                }
                break
            }
        }
        return (served, .ranges(stops))
    }
}

extension RequestKind {
    /// Whether movable pages that can be moved let more such requests be served: they compact for themselves, or move
    /// what is in their way.
    var isHelpedByMoving: Bool {
        switch what {
        case .block(let order): order > 0 && gfp.contains([.io, .directReclaim])
        case .range, .buffer: true
        }
    }
}

extension Machine {
    /// A CPU of the node, or the machine's first CPU if the node has none.
    fileprivate func cpu(near node: NodeID) -> CPUID {
        topology.nodes.first { $0.id == node }?.cpus.first ?? cpuIDs[0]
    }
}
