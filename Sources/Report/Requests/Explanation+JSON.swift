import BuddyEngine
import GFP
import PageAllocator
import SourceText
import Topology

extension Explanation {
    /// The explanation for programs. Amounts are in pages.
    public var json: JSONValue {
        [
            "node": .init(node.rawValue), "highestZone": highestZone.map { .init($0.kernelName) } ?? nil,
            "mobility": .init(mobility.kernelName), "steps": .init(steps.map(\.json)), "outcome": outcome.json,
        ]
    }
}

extension Explanation.Step {
    var json: JSONValue {
        switch self {
        case .walk(let walk):
            [
                "walk": .init(walk.flags.description), "isRestart": .init(walk.isRestart),
                "zones": .init(walk.visits.map(\.json)),
            ]
        case .kswapd(let wake):
            [
                "kswapd": .init(wake.node.rawValue), "zone": .init(wake.zone.kernelName),
                "order": .init(wake.order.rawValue), "awakened": .init(wake.awakened),
            ]
        case .reclaim(let call, let freed):
            [
                "reclaim": .init(call.reason == .direct ? "direct" : "kswapd"), "node": .init(call.node.rawValue),
                "freed": .init(freed),
            ]
        }
    }
}

extension Explanation.Visit {
    var json: JSONValue {
        switch self {
        case .passedOver(let zone, let reason):
            return [
                "node": .init(zone.node.rawValue), "zone": .init(zone.kind.kernelName),
                "passedOver": .init(reason.name),
            ]
        case .look(let look):
            let judgement = look.judgement
            return [
                "node": .init(judgement.zone.node.rawValue), "zone": .init(judgement.zone.kind.kernelName),
                "level": .init("\(judgement.level)"), "mark": .init(judgement.mark), "boost": .init(judgement.boost),
                "free": .init(judgement.free), "unusable": .init(judgement.unusable),
                "unusableHighAtomic": .init(judgement.unusableHighAtomic),
                "unusableCMA": .init(judgement.unusableCMA), "usable": .init(judgement.usable),
                "effectiveMark": .init(judgement.effectiveMark), "lowmemReserve": .init(judgement.lowmemReserve),
                "required": .init(judgement.required), "verdict": .init("\(judgement.verdict)"),
                "blocksTaken": .init(look.blocksTaken),
                "fallbacks": .init(
                    look.fallbacks.map { event in
                        [
                            "frame": .init(event.frame.rawValue), "foundOrder": .init(event.foundOrder.rawValue),
                            "wanted": .init(event.wanted.kernelName), "takenFrom": .init(event.takenFrom.kernelName),
                            "pageblock": .init(event.pageblockType.kernelName),
                        ]
                    }),
            ]
        }
    }
}

extension PassOverReason {
    fileprivate var name: String {
        switch self {
        case .aboveHighestZone: "above the highest zone"
        case .nodeNotInMask: "not in the node mask"
        case .nodeNotInCpuset: "not in the cpuset"
        case .kswapdAwake: "kswapd awake"
        }
    }
}

extension Explanation.Outcome {
    var json: JSONValue {
        switch self {
        case .served(let service):
            [
                "served": true, "frame": .init(service.frame.rawValue), "node": .init(service.zone.node.rawValue),
                "zone": .init(service.zone.kind.kernelName),
                "distance": service.distance.map { .init($0) } ?? nil,
                "freeBlockChanges": .init(service.freeBlockChanges.map { JSONValue($0) }),
            ]
        case .refused(let refusal):
            ["served": false, "reason": .init(refusal.name)]
        }
    }
}

extension Explanation.Refusal {
    fileprivate var name: String {
        switch self {
        case .orderTooLarge: "order too large"
        case .contradictoryMask: "contradictory mask"
        case .noZoneAllowed: "no zone allowed"
        case .belowMarks: "below marks"
        case .fragmented: "fragmented"
        }
    }
}
