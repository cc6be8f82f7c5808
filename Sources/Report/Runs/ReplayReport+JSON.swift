import SourceText
import Traces

extension ReplayReport {
    /// The report for programs: `events`, `skipped` by reason, `agree.node`, `agree.zone` and `agree.pageFrame` as
    /// shares of `agree.compared`, and the counts behind them.
    public var json: JSONValue {
        let agreement = result.agreement
        return [
            "trace": .init(trace), "machine": .init(machine), "mode": .init(result.mode.rawValue),
            "complete": .init(!result.isPartial), "events": .init(result.events),
            "requests": .init(result.requests), "served": .init(result.served), "refused": .init(result.refused),
            "frees": .init(result.frees), "tracedRefusals": .init(result.tracedRefusals),
            "servedTracedRefusals": .init(result.servedTracedRefusals), "fallbacks": .init(result.fallbacks),
            "tracedFallbacks": .init(result.tracedFallbacks),
            "kswapd": ["calls": .init(result.kswapdCalls), "wakes": .init(result.kswapdWakes)],
            "kcompactd": ["wakes": .init(result.kcompactdWakes)],
            "reclaim": result.reclaim.map { reclaim in
                [
                    "pagesAtStart": .init(reclaim.atStart), "leftOut": .init(reclaim.leftOut),
                    "stalls": .init(reclaim.stalls), "reclaimed": .init(reclaim.reclaimed),
                    "swappedOut": .init(reclaim.swappedOut),
                ]
            } ?? nil,
            "skipped": .init(
                JSONObject(ReplayResult.SkipReason.allCases.map { ($0.key, JSONValue(result.skipped($0))) })),
            "agree": [
                "compared": .init(agreement.compared), "node": share(agreement.node), "zone": share(agreement.zone),
                "pageFrame": share(agreement.frame), "refusedHere": .init(agreement.refusedHere),
                "underLearntPolicy": .init(agreement.underLearntPolicy), "inUse": .init(agreement.inUse),
                "notFree": .init(agreement.notFree), "exchanged": .init(agreement.exchanged),
                "movedToList": .init(agreement.movedToList),
                "takenWithoutEvent": .init(agreement.takenWithoutEvent), "mismatches": mismatches,
            ],
            "byMask": .init(
                result.requestsByMask.enumerated().filter { $0.element > 0 }.map { index, count -> JSONValue in
                    let mask = result.vocabulary.masks[index]
                    return [
                        "mask": .init(mask.text), "type": .init(mask.flags.migratetype.kernelName),
                        "requests": .init(count), "unknown": .init(mask.unknown),
                    ]
                }),
            "byOrder": .init(result.requestsByOrder.map { JSONValue($0) }),
            "byCPU": .init(result.requestsByCPU.map { JSONValue($0) }),
            "byZone": .init(
                zip(result.zones, result.servedByZone).map { zone, count -> JSONValue in
                    ["node": .init(zone.node.rawValue), "zone": .init(zone.kind.description), "requests": .init(count)]
                }),
            "fragmentation": fragmentation, "trouble": trouble,
        ]
    }

    /// The measured times.
    public var times: JSONValue { ["rate": result.rate.map { .init($0) } ?? nil, "seconds": .init(result.seconds)] }

    private func share(_ count: Int) -> JSONValue { result.agreement.share(count).map { .init($0) } ?? nil }

    private var mismatches: JSONValue {
        .init(
            result.agreement.mismatches.sorted { $0.key < $1.key }.map { mismatch, count -> JSONValue in
                let traced = result.zones[mismatch.traced]
                let emulated = mismatch.emulated < 0 ? nil : result.zones[mismatch.emulated]
                return [
                    "mask": .init(result.vocabulary.masks[mismatch.mask].text), "requests": .init(count),
                    "traced": .init("\(traced.node) \(traced.kind)"),
                    "here": emulated.map { .init("\($0.node) \($0.kind)") } ?? nil,
                ]
            })
    }

    private var fragmentation: JSONValue {
        [
            "order": .init(result.fragmentation.order.rawValue),
            "samples": .init(
                result.fragmentation.samples.map { sample -> JSONValue in
                    [
                        "event": .init(sample.event), "nanoseconds": .init(sample.time),
                        "freePages": .init(sample.freePages), "unusableIndex": .init(sample.unusableIndex),
                    ]
                }),
        ]
    }

    private var trouble: JSONValue {
        let tally = result.tally
        return [
            "lostEvents": .init(tally.lostEvents), "malformedLines": .init(tally.malformedLines),
            "overlongLines": .init(tally.overlongLines), "foreignLines": .init(tally.foreignLines),
            "eventsOutOfOrder": .init(tally.eventsOutOfOrder), "eventsWithoutFrame": .init(tally.eventsWithoutFrame),
            "lastLineTruncated": .init(tally.isLastLineTruncated),
            "first": tally.firstProblem.map { .init($0.description) } ?? nil,
        ]
    }
}

extension ReplayResult.SkipReason {
    /// The name in JSON.
    var key: String {
        switch self {
        case .beforeStartMark: "before_start_mark"
        case .afterEndMark: "after_end_mark"
        case .freeWithoutAllocation: "free_without_allocation"
        case .freeOfRefused: "free_of_refused"
        case .freeOfReclaimed: "free_of_reclaimed"
        case .freeOfUnknownFrame: "free_of_unknown_frame"
        case .doubleAllocation: "double_allocation"
        case .listMovement: "list_movement"
        case .notAnEvent: "not_an_event"
        }
    }

    var sentence: String {
        switch self {
        case .beforeStartMark: "events before the start mark"
        case .afterEndMark: "events after the end mark"
        case .freeWithoutAllocation: "frees of pages that the trace did not see allocated"
        case .freeOfRefused: "frees of blocks that were refused here"
        case .freeOfReclaimed: "frees of pages that were reclaimed here before"
        case .freeOfUnknownFrame: "frees of page frames that the machine does not have, or that are free already"
        case .doubleAllocation: "allocations of blocks still in use: their free was lost"
        case .listMovement: "events that only say how pages move between lists"
        case .notAnEvent: "marks and notices of the tracer"
        }
    }
}
