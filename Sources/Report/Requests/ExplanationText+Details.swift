import BuddyEngine
import GFP
import PageAllocator
import Topology

extension ExplanationText {
    /// Adds remarks on the parts of one comparison's figures, and on what the free lists did.
    func remark(_ look: Explanation.Look, _ explanation: Explanation, to remarks: inout ZoneRemarks) {
        let judgement = look.judgement
        let zone = judgement.zone
        if let words = setAsideWords(judgement) { remarks.add(words, zone) }
        if judgement.boost > 0 {
            remarks.add(
                "of the \(judgement.level) mark, \(judgement.boost) are \(WalkFact.boosted.clause)", zone)
        }
        let fact = judgement.fact(order: Int(explanation.request.order.rawValue))
        switch fact {
        case .noBlock: remarks.add("enough pages are free, but \(fact.clause)", zone)
        case .listsEmpty: remarks.add("above its mark, but \(fact.clause)", zone)
        case .keptInReserve: remarks.add("above its mark, but \(fact.clause)", zone)
        case .serves, .belowMark, .notAllowed, .kswapdAwake, .keptForHighAtomic, .ofCMA, .boosted, .noMoreLeft,
            .noZoneLeft, .orderTooLarge, .contradictoryMask:
            break
        }
        for fallback in look.fallbacks { remarks.add(sentence(fallback), zone) }
        if look.blocksTaken > 1 {
            remarks.add(
                "CPU \(explanation.request.cpu)'s list was empty and was refilled with "
                    + counted(look.blocksTaken, "block"), zone)
        }
    }

    /// The free pages that do not count for the request; nil: all count.
    private func setAsideWords(_ look: ZoneLook) -> String? {
        switch (look.unusableHighAtomic, look.unusableCMA) {
        case (0, 0): nil
        case (let pages, 0): "\(pages) do not count: \(WalkFact.keptForHighAtomic.clause)"
        case (0, let pages): "\(pages) do not count: \(WalkFact.ofCMA.clause)"
        case (let highAtomic, let cma):
            "\(look.setAside) do not count: \(highAtomic) \(WalkFact.keptForHighAtomic.clause), \(cma) "
                + WalkFact.ofCMA.clause
        }
    }

    private func sentence(_ event: FallbackEvent) -> String {
        let block = "a \(event.takenFrom) block of order \(event.foundOrder) at page frame \(event.frame)"
        let pageblock =
            event.pageblockType == event.wanted
            ? "its pageblock becomes \(event.wanted)" : "its pageblock stays \(event.pageblockType)"
        return "no \(event.wanted) block, so \(block) is used; \(pageblock)"
    }

    func sentence(_ zones: [ZoneReference], passedOver reason: PassOverReason, isPolicy: Bool) -> String {
        "\(ZoneNames.text(zones)): passed over, \(reason.words(isPolicy: isPolicy))"
    }

    // MARK: The end

    func closing(_ explanation: Explanation) -> String {
        switch explanation.outcome {
        case .served(let service):
            var text = style.wrap(
                "Served: " + report.landingSentence(service.frame, service.zone), hanging: 2, role: .good)
            text += style.wrap(reason(service, explanation), indent: 2)
            if let blocks = blockChanges(service) { text += style.wrap(blocks, indent: 2, hanging: 2) }
            return text
        case .refused(let refusal):
            var text = style.wrap("Refused: " + reason(refusal, explanation), hanging: 2, role: .bad)
            if explanation.request.gfp.contains(.directReclaim), case .refused = explanation.outcome,
                !explanation.steps.contains(where: { if case .reclaim = $0 { true } else { false } }),
                refusal == .belowMarks || refusal == .fragmented
            {
                text += style.wrap(
                    "It may sleep, so a kernel would now reclaim and compact; this machine has nothing to reclaim.",
                    indent: 2)
            }
            return text + style.wrap(report.failureLine, indent: 2, hanging: 2, role: .quiet)
        }
    }

    private func reason(_ service: Explanation.Service, _ explanation: Explanation) -> String {
        let looks = explanation.walks.last.map(self.looks) ?? []
        let before = looks.filter { $0.verdict != .served }
        guard let served = looks.last else { return "" }
        let flags = explanation.walks.last?.flags ?? []
        let mark =
            flags.contains(.noWatermarks)
            ? "and no mark protects it from this request"
            : "with \(served.countable) pages that count; \(served.needs) are needed"
        if before.isEmpty { return "The first zone on the list that the request may use, \(mark)." }
        return "The first zone on the list that can serve, after \(ZoneNames.text(before.map(\.zone))), \(mark)."
    }

    private func looks(_ walk: Explanation.Walk) -> [ZoneLook] {
        walk.visits.compactMap { if case .look(let look) = $0 { look.judgement } else { nil } }
    }

    /// `order 10: 1 fewer; orders 6-9: 1 more each`.
    private func blockChanges(_ service: Explanation.Service) -> String? {
        var runs: [(orders: ClosedRange<Int>, change: Int)] = []
        for (order, change) in service.freeBlockChanges.enumerated() where change != 0 {
            if let last = runs.last, last.change == change, last.orders.upperBound + 1 == order {
                runs[runs.count - 1].orders = last.orders.lowerBound...order
            } else {
                runs.append((order...order, change))
            }
        }
        guard !runs.isEmpty else {
            return service.isFromPerCPUList ? "The CPU's list had it: the free lists are untouched." : nil
        }
        let parts = runs.reversed().map { run in
            let amount = run.change < 0 ? "\(-run.change) fewer" : "\(run.change) more"
            guard run.orders.count > 1 else { return "\(amount) of order \(run.orders.lowerBound)" }
            return "\(amount) of each order from \(run.orders.lowerBound) to \(run.orders.upperBound)"
        }
        return "Free blocks of the zone: \(parts.joined(separator: ", "))."
    }

    private func reason(_ refusal: Explanation.Refusal, _ explanation: Explanation) -> String {
        let looks = explanation.walks.last.map(self.looks) ?? []
        let what = explanation.refusalClause
        switch refusal {
        case .orderTooLarge, .contradictoryMask: return "\(what)."
        case .noZoneAllowed:
            var limits: [String] = []
            if explanation.request.nodemask != nil {
                limits.append((explanation.isBoundByPolicy ? WalkFact.Limit.memoryPolicy : .nodeMask).rawValue)
            }
            if explanation.placement?.cpuset != nil { limits.append(WalkFact.Limit.cpuset.rawValue) }
            if explanation.request.gfp.contains(.thisNode) { limits.append(WalkFact.Limit.thisNode.rawValue) }
            if let zone = explanation.highestZone { limits.append("the limit to zones up to \(zone)") }
            return "\(what): \(limits.joined(separator: " and ")) leave none."
        case .belowMarks:
            guard let nearest = looks.max(by: { $0.usable - $0.required < $1.usable - $1.required }) else {
                return "\(what)."
            }
            return "\(what). Nearest is \(nearest.zone.words), \(counted(nearest.missing, "page")) short."
        case .fragmented:
            let best = looks.filter { $0.verdict != .belowMark }.max { $0.usable < $1.usable }
            guard let best else { return "\(what)." }
            return "\(what) (\(report.memory(explanation.request.order.pages))). "
                + "\(best.zone.words.prefix(1).uppercased())\(best.zone.words.dropFirst()) has "
                + "\(counted(best.countable - best.required, "page")) more than must stay free."
        }
    }
}
