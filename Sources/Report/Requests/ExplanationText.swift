import BuddyEngine
import GFP
import PageAllocator
import Topology

/// Describes in words and figures what happened to a request.
struct ExplanationText {
    let report: AllocationReport
    let style: TextStyle

    init(_ report: AllocationReport, _ style: TextStyle) {
        self.report = report
        self.style = style
    }

    func text(_ explanation: Explanation) -> String {
        var text = heading(explanation)
        var number = 0
        var last: Explanation.Walk?
        for step in explanation.steps {
            switch step {
            case .walk(let walk):
                number += 1
                text += "\n" + self.text(walk, after: last, number: number, explanation)
                last = walk
            case .kswapd(let wake):
                let verb = wake.awakened ? "is woken" : "is called, but sleeps on or is already awake"
                text += style.wrap(
                    "kswapd of node \(wake.node) \(verb): zone \(wake.zone), order \(wake.order)", indent: 2,
                    hanging: 2,
                    role: wake.awakened ? .warning : .quiet)
            case .reclaim(let call, let freed):
                let who = call.reason == .direct ? "Direct reclaim" : "kswapd's reclaim"
                text += style.wrap("\(who) on node \(call.node) freed \(counted(freed, "page"))", indent: 2, hanging: 2)
            }
        }
        return text + "\n" + closing(explanation)
    }

    private func heading(_ explanation: Explanation) -> String {
        let request = explanation.request
        var line = "\(report.maskName), order \(request.order) (\(report.memory(request.order.pages))), from CPU "
        line += "\(request.cpu) on node \(report.cpuNode)"
        var text = style.wrap(line, hanging: 2, role: .heading)
        var facts = ["walks the zonelist of node \(explanation.node)"]
        if request.gfp.contains(.thisNode) { facts[0] += " for __GFP_THISNODE" }
        if let highest = explanation.highestZone { facts.append("up to zone \(highest)") }
        facts.append("wants \(explanation.mobility) blocks")
        if let mask = request.nodemask {
            facts.append("node mask \(NumberList.format(mask.nodes.map { Int($0.rawValue) }))")
        }
        if let cpuset = explanation.placement?.cpuset {
            facts.append("cpuset of nodes \(NumberList.format(cpuset.nodes.nodes.map { Int($0.rawValue) }))")
        }
        text += style.wrap(facts.joined(separator: ", "), indent: 2, hanging: 2, role: .quiet)
        if let placement = explanation.placement, let words = placement.policy.words {
            text += style.wrap("asked by a task with \(words)", indent: 2, hanging: 2, role: .quiet)
        }
        if report.explainsOneMore {
            let count = report.tally.served + report.tally.refused
            text += style.wrap("request \(count + 1), after the \(count) counted above", indent: 2, role: .quiet)
        } else if report.tally.served + report.tally.refused > 1 {
            text += style.wrap(
                "the last of \(report.tally.served + report.tally.refused) requests", indent: 2, role: .quiet)
        }
        return text
    }

    // MARK: A walk

    private func text(
        _ walk: Explanation.Walk, after last: Explanation.Walk?, number: Int, _ explanation: Explanation
    ) -> String {
        if let last, last == walk {
            return style.apply(.heading, "Walk \(number): the same once more") + ", with the same result\n"
        }
        var text = style.wrap("Walk \(number): \(intent(of: walk, explanation))", hanging: 2, role: .heading)
        text += style.wrap(walk.flags.description, indent: 2, role: .quiet)
        if let last, last.visits == walk.visits { return text + "  finds the same figures and verdicts\n" }
        guard !walk.visits.isEmpty else { return text + "  no zone on the list may serve it\n" }
        var remarks = ZoneRemarks()
        var skipped: [(reason: PassOverReason, zones: [ZoneReference])] = []
        for visit in walk.visits {
            switch visit {
            case .passedOver(let zone, let reason):
                if let index = skipped.firstIndex(where: { $0.reason == reason }) {
                    skipped[index].zones.append(zone)
                } else {
                    skipped.append((reason, [zone]))
                }
            case .look(let look): remark(look, explanation, to: &remarks)
            }
        }
        text += WalkTable(walk).text(style)
        let isPolicy = explanation.isBoundByPolicy
        let details =
            remarks.sentences + skipped.map { sentence($0.zones, passedOver: $0.reason, isPolicy: isPolicy) }
        for detail in details { text += style.wrap(detail, indent: 4, hanging: 2, role: .quiet) }
        return text
    }

    private func intent(of walk: Explanation.Walk, _ explanation: Explanation) -> String {
        let flags = walk.flags
        if flags.contains(.noWatermarks) { return "no watermark holds it back" }
        var words = walk.isRestart ? "again, now mixing types if need be, " : ""
        words += "down to \(Self.share(flags, explanation.reserves))the \(flags.mark) watermark"
        if flags.contains(.noFragment) { words += ", without mixing types in a pageblock" }
        let rules = explanation.reserves
        if flags.contains(.cpuset), explanation.placement?.cpuset != nil, walk != explanation.walks.first {
            words +=
                explanation.request.gfp.contains(.hardWall) ? ", inside the cpuset" : ", now also outside the cpuset"
        }
        if dropsNodeMask(walk, explanation) { words += ", now on all nodes, the node mask being dropped" }
        if flags.contains(.oom) { words += ", and half of what is left as an OOM victim" }
        if explanation.request.order > 0, !flags.isDisjoint(with: rules.takesHighAtomicFirst) {
            words += ", and the highatomic pageblocks"
        }
        return words
    }

    /// Whether a zone outside the request's nodemask was examined (`__alloc_pages_slowpath` clears `ac->nodemask` for
    /// requests that may ignore their cpuset or all marks).
    private func dropsNodeMask(_ walk: Explanation.Walk, _ explanation: Explanation) -> Bool {
        guard let mask = explanation.request.nodemask else { return false }
        return walk.visits.contains { visit in
            if case .look(let look) = visit { !mask.contains(look.judgement.zone.node) } else { false }
        }
    }

    /// The part of the mark that must remain free, in the words that `gfp` uses for reserves.
    private static func share(_ flags: AllocFlags, _ rules: ReserveRules) -> String {
        switch (flags.contains(.minReserve), flags.contains(.nonBlock), rules.depth) {
        case (true, true, _): "three eighths of "
        case (true, false, _): "half of "
        case (false, true, .eachByItself): "three quarters of "
        case (false, true, .quarterAfterHalf), (false, false, _): ""
        }
    }
}
