import FailureAnalysis
import GFP
import KernelLog
import SourceText
import Topology

/// One sentence for somebody in a hurry: which request, which zones it could use, and what stopped it.
struct FailureSentence {
    let analysis: FailureAnalysis

    var report: FailureReport { analysis.report }
    var request: FailedRequest? { analysis.request }
    var account: MemoryAccount? { analysis.usable }

    var text: String {
        if let kill = analysis.kill { return consequence(of: kill) }
        let cause = analysis.cause
        switch analysis.verdict {
        case .notAsked(let why): return sentence(why) ?? special(cause, why.reason)
        case .undecided: return undecided
        case .notRebuilt(.headMissing): return whatIsLeft + holderOfAll + zonesShort
        case .notRebuilt(.requestNotNamed) where report.kind == .oomKill:
            let isHopeless = report.oom?.hasNoVictim == true || report.panic != nil
            return
                (isHopeless
                ? "Memory ran out, and no process was left to kill" : "A process was killed for want of memory")
                + "; what was asked for, and what there was, is not in the log."
        case .notRebuilt(let why) where report.kind == .allocationStall:
            return
                "\(asker) has been trying \(stallTime) and is still trying; what it lacks cannot be told: \(why.reason)."
        case .notRebuilt(let why) where report.slub.first?.cgroup != nil && report.kind == .slubFailure:
            return "\(asker) failed, but the machine cannot be rebuilt: \(why.reason). The cache is the memory cgroup "
                + "\(VisibleText.of(report.slub.first?.cgroup ?? ""))'s own: without a page allocation failure beside it, "
                + "the group's limit probably refused the charge, in which the page allocator has no part."
        case .notRebuilt(let why): return "\(asker) failed, but the machine cannot be rebuilt: \(why.reason)."
        case .refuses, .serves:
            guard let figures = analysis.figures else {
                return special(cause, "the allocator refused the request at once")
            }
            return (cause.lead.map { $0 + " " } ?? "")
                + "\(asker) could look in \(places(figures))\(cause == .stateWouldServe ? "," : ":") "
                + "\(stop(cause, figures))\(freedSince(figures))."
        }
    }

    /// "; 5368 KiB more were free when the report was printed"
    private func freedSince(_ figures: FailureFigures) -> String {
        guard figures.freedSince > 0 else { return "" }
        return "; \(amount(figures.freedSince)) more were free when the report was printed, and are assumed to have "
            + "been freed after the refusal"
    }

    /// What the answer depends on, and what can be determined nevertheless.
    private var undecided: String {
        let gaps = analysis.gaps.map(\.phrase)
        let shown = gaps.count > 4 ? Array(gaps.prefix(3)) + ["\(gaps.count - 3) more figures"] : gaps
        let isBlock =
            request?.order ?? 0 > 0
            && analysis.gaps.contains { if case .blocks = $0 { true } else { false } }
        let hint =
            isBlock
                && analysis.zones.contains { zone in
                    guard let free = zone.free, let mark = zone.effectiveMark else { return false }
                    return free > mark + (zone.lowmemReserve ?? 0) + zone.unusable
                } ? " Single pages could have been allocated, so a block was missing, if nothing changed since." : ""
        return
            "\(asker) failed, and the reason cannot be determined: the report is not complete, and does not say \(Self.list(shown)).\(hint)\(cmaShare)"
    }

    /// The beginning of the sentence for a report whose first lines are missing: the kill at its end, if there is one.
    private var whatIsLeft: String {
        guard let oom = report.oom, oom.constraint != nil || !oom.victims.isEmpty else {
            guard let requester = analysis.requester else {
                return "What failed is not known: the beginning of the report is missing. "
            }
            return "A request \(requester.isCertain ? "" : "probably ")made by \(requester.phrase) failed; how much it "
                + "asked for, and by which mask, is not known, as the beginning of the report is missing. "
        }
        let nodes = report.nodemask.flatMap { $0 == "(null)" ? nil : VisibleText.of($0) }
        let bound: String
        switch oom.constraint {
        case "CONSTRAINT_MEMORY_POLICY":
            bound = " A memory policy bound the request\(nodes.map { " to node \($0)" } ?? "")."
        case "CONSTRAINT_CPUSET": bound = " A cpuset bound the request."
        default: bound = ""
        }
        return
            "A process was killed for want of memory; what was asked for is not known, as the beginning of the report is "
            + "missing.\(bound) "
    }

    /// "Most of what is in use, 14 GiB, is processes.": for reports that do not say what was requested.
    private var holderOfAll: String {
        guard let account, let largest = account.largestInUse else { return "Who has the memory is not stated either." }
        if let listed = account.listed, largest.pages * 2 > listed {
            let who = account.mixesTmpfs(largest) ? "processes, tmpfs and shared memory" : largest.kind.title
            return "Most of the zones listed, \(amount(largest.pages)) of \(amount(listed)), is \(who)."
        }
        guard account.isComplete || account.hasCertainLargest else {
            return "Who has most of the memory is not stated."
        }
        return "Most of what is in use, \(amount(largest.pages)), is \(largest.kind.title)."
    }

    /// What can be determined of zones without knowing the request: which are below their marks, and whether the free
    /// memory belongs to CMA.
    private var zonesShort: String {
        let short = analysis.zones.filter { zone in
            guard let free = zone.free, let mark = zone.mark else { return false }
            return free <= mark
        }
        var text = ""
        if !short.isEmpty {
            let names = short.prefix(4).map { "node \($0.zone.node) \($0.zone.kind)" }
            text +=
                " Below \(short.count == 1 ? "its" : "their") min mark: \(Self.list(names))"
                + (short.count > 4 ? " and \(short.count - 4) more." : ".")
        }
        return text + cmaShare
    }

    /// " Of the 507 MiB that are free, 502 MiB belong to CMA": stated if most of it does.
    private var cmaShare: String {
        let listed = analysis.zones.reduce((free: 0, cma: 0)) { ($0.free + ($1.free ?? 0), $0.cma + $1.cma) }
        let counters = report.memory?.counters ?? [:]
        // Without the machine's counters: by the letters of the zones' free blocks.
        guard let free = counters["free"] ?? (counters["free_cma"] == nil ? listed.free : nil),
            case let cma = counters["free_cma"] ?? listed.cma, cma > 0, cma <= free, cma <= 1 << 40, cma * 2 >= free
        else { return "" }
        return
            " Of the \(amount(free)) that are free, \(amount(cma)) are \(WalkFact.ofCMA.clause)."
    }

    /// The sentence of a failure that follows from a kill.
    private func consequence(of kill: FailureAnalysis.Kill) -> String {
        "\(asker) failed because the process had just been chosen by the OOM killer (report at line \(kill.line)): "
            + "a consequence of that shortage, whose cause is \(kill.cause.title)."
    }

    // MARK: Parts

    /// "The request of init (pid 1) for 16 KiB (order 2, GFP_KERNEL)".
    var asker: String {
        guard let request else { return "A request" }
        let name = report.process.map { " of \($0.name)" } ?? ""
        let pageSize = report.memory?.assumedPageSize ?? 4096
        let size = (0...20).contains(request.order) ? " for \(MemoryAmount.text(bytes: pageSize << request.order))" : ""
        let cache = report.kind == .slubFailure ? report.slub.first?.cache : nil
        let slab = cache.map { " for the slab cache \(VisibleText.of($0))" } ?? ""
        let all = report.vmalloc.flatMap { $0.reason == "allocation failure" ? $0.size : nil }
        let vmalloc = all.map { " of \(MemoryAmount.text(bytes: $0))" } ?? ""
        let who =
            analysis.requester.map {
                ", \($0.isCertain ? "" : "probably ")made by \($0.phrase)\($0.purpose == .vmalloc ? vmalloc : "")"
                    + ($0.isCertain ? "," : " (its call trace has only guesses),")
            } ?? ""
        return "The request\(name)\(size) (order \(request.order), \(request.maskText))\(slab)\(who)"
    }

    /// "node 0 Normal and DMA32, and node 1 Normal".
    private func places(_ figures: FailureFigures) -> String {
        let zones = figures.places
        guard !zones.isEmpty else { return "no zone at all" }
        let nodes = Array(Set(zones.map(\.node))).sorted()
        if nodes.count > 4 {
            let kinds = Set(zones.map(\.kind)).sorted().reversed().map(\.kernelName)
            return "\(Self.list(kinds)) of \(nodes.count) nodes"
        }
        return Self.list(
            nodes.map { node in
                let kinds = zones.filter { $0.node == node }.map(\.kind).sorted().reversed().map(\.kernelName)
                return "node \(node) \(kinds.joined(separator: "/"))"
            })
    }

    static func list(_ items: [String]) -> String {
        guard let last = items.last, items.count > 1 else { return items.first ?? "" }
        return items.dropLast().joined(separator: ", ") + " and " + last
    }

    func amount(_ pages: Int) -> String {
        MemoryAmount.text(kibibytes: pages &* max(1, (report.memory?.assumedPageSize ?? 4096) / 1024))
    }

    /// "150 MiB of 200 MiB".
    func held(_ kinds: MemoryHolder.Kind...) -> String {
        guard let account else { return "an unknown part of the memory" }
        return
            "\(amount(kinds.reduce(0) { $0 + account.pages($1) })) of \(account.managed.map(amount) ?? "an amount that is not stated")"
    }
}
