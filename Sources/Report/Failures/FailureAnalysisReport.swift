import FailureAnalysis
import GFP
import KernelLog
import PageAllocator
import SourceText
import Topology

/// The answer to "why did this allocation fail" for people: a sentence, the walk, the cause, remedies and assumptions.
public struct FailureAnalysisReport: Sendable {
    /// The analysis.
    public let analysis: FailureAnalysis
    /// The report's number in the log, from 1, and the number of reports.
    public var position: (number: Int, of: Int)

    /// Creates the report of an analysis.
    public init(_ analysis: FailureAnalysis, number: Int = 1, of count: Int = 1) {
        self.analysis = analysis
        position = (number, count)
    }

    var report: FailureReport { analysis.report }
    var pageSize: Int { analysis.machine?.snapshot.topology.pageSize ?? report.memory?.assumedPageSize ?? 4096 }

    /// The answer in one sentence for somebody in a hurry: which request, which zones it could use, and what stopped
    /// it.
    public var sentence: String { FailureSentence(analysis: analysis).text }

    func words(_ remedy: Remedy) -> RemedyWords {
        RemedyWords(
            remedy: remedy, request: analysis.request, pageSize: pageSize, isShortage: analysis.cause.isShortage)
    }

    func memory(_ pages: Int) -> String { MemoryAmount.text(pages: pages, pageSize: pageSize) }

    /// "Report 2 of 3, line 120: page-allocation-failure, Linux 6.1.0-28-amd64".
    var title: String {
        "Report \(position.number) of \(position.of), line \(report.line): \(report.kind.rawValue), "
            + (report.kernelRelease.map { "Linux \($0)" } ?? "kernel not named")
    }

    /// The answer for people.
    public func text(_ style: TextStyle = .plain) -> String {
        var text = style.apply(.heading, title) + "\n\n"
        text += style.wrap(sentence, indent: 2) + "\n"
        if !analysis.zones.isEmpty { text += walk.text(style) + "\n" }
        text += "  Cause: " + style.apply(.bad, analysis.cause.rawValue) + " (\(analysis.cause.title))\n"
        text += style.wrap("Verdict: " + verdict, indent: 2, hanging: 2)
        if let killed { text += style.wrap("Killed: " + killed, indent: 2, hanging: 2) }
        let course = course
        if !course.isEmpty {
            text += "\n  \(CourseWords.title):\n"
            for (index, sentence) in course.enumerated() {
                text += style.wrap("\(index + 1). \(sentence)", indent: 4, hanging: 3)
            }
        }
        if !analysis.remedies.isEmpty {
            text += "\n" + remedies(style)
        } else if analysis.verdict == .undecided {
            text += style.wrap("What would have helped depends on the same figures.", indent: 2)
        }
        if let account = analysis.account, showsHolders {
            let total = account.managed.map { "of \(memory($0))" } ?? "the total is not stated"
            text += "\n  Who has the memory (\(total)):\n" + holders(account).text(style)
            if let places = placesSentence { text += style.wrap(places, indent: 2) }
            if let swap = swapSentence { text += style.wrap(swap, indent: 2) }
            if let sites = allocationSites {
                text += "\n  Who allocated most, by the kernel's profile:\n" + sites.text(style)
            }
            if let tasks = largestTasks { text += "\n  The largest processes:\n" + tasks.text(style) }
        }
        if !analysis.assumptions.isEmpty {
            text += "\n  Assumed, since the report does not say:\n"
            for line in analysis.assumptions {
                text += style.wrap("- " + line.sentence, indent: 4, hanging: 2, role: .quiet)
            }
        }
        return text
    }

    var verdict: String {
        let profile = analysis.machine.map { " (rules of \($0.profile.name))" } ?? ""
        switch analysis.verdict {
        case .refuses where analysis.machine == nil: return "any machine refuses the request, as the kernel did"
        case .refuses: return "the rebuilt machine refuses the request, as the kernel did\(profile)"
        case .serves(let zone):
            let place = zone.map { " from node \($0.node) \($0.kind)" } ?? ""
            return "the rebuilt machine serves the request\(place), unlike the kernel\(profile)"
        case .undecided: return "cannot be determined: the answer depends on what the report does not say"
        case .notAsked(let why): return why.reason
        case .notRebuilt(let why): return "no machine can be rebuilt: \(why.reason)"
        }
    }

    /// "stress (127), which had 749 MiB"; nil if no process was killed.
    var killed: String? {
        let victims = report.oom?.victims ?? []
        guard !victims.isEmpty else { return nil }
        let named = victims.prefix(3).map { victim in
            let had = ["anon-rss", "file-rss", "shmem-rss"].reduce(0) { sum, name in
                sum &+ min(max(0, victim.kibibytes[name] ?? 0), 1 << 42)
            }
            let amount = had > 0 ? ", which had \(MemoryAmount.text(pages: had, pageSize: 1024))" : ""
            return "\(victim.name) (\(victim.pid))\(amount)"
        }
        let others = victims.count - named.count
        return named.joined(separator: "; ") + (others > 0 ? "; \(others) more" : "")
    }

    /// The walk over the zones as a table.
    var walk: TextTable {
        let isBoosted = analysis.zones.contains { $0.boost > 0 }
        var table = TextTable(
            [.left("zone"), .right("free"), .right("not counted"), .right("mark")]
                + (isBoosted ? [.right("with boost")] : [])
                + [.right("in force"), .right("reserve"), .right("largest block"), .left("verdict")])
        for zone in analysis.zones {
            let boosted: [TextTable.Cell] = isBoosted ? [.init(told(zone.mark))] : []
            table.add(
                [
                    .init("node \(zone.zone.node) \(zone.zone.kind)"), .init(told(zone.free)), .init(unusable(zone)),
                    .init(told(zone.mark.map { $0 - zone.boost })),
                ] + boosted + [
                    .init(told(zone.effectiveMark)),
                    .init(zone.lowmemReserve.map(memory) ?? (analysis.request == nil ? "not known" : "not stated")),
                    .init(zone.areBlocksTold ? zone.largestBlock.map { "order \($0)" } ?? "none" : "not stated"),
                    .init(zone.verdict, zone.role),
                ])
        }
        return table
    }

    /// An amount, or a remark that the report does not state it.
    private func told(_ pages: Int?) -> String { pages.map(memory) ?? "not stated" }

    /// The free memory that the request may not use. The requested block itself does not count here, although it must
    /// be available in addition.
    private func unusable(_ zone: ZoneVerdict) -> String {
        let why = zone.asideLabels
        return memory(zone.highAtomic + zone.cma) + (why.isEmpty ? "" : " (\(why))")
    }

    private func remedies(_ style: TextStyle) -> String {
        let groups: [(title: String, odds: Remedy.Odds, role: TextStyle.Role)] = [
            ("What would have helped", .certain, .good),
            ("What probably helps, and cannot be tried here", .likely, .good),
            ("What would not", .none, .bad),
        ]
        return groups.map { title, odds, role in
            let remedies = analysis.remedies.filter { $0.odds == odds }
            guard !remedies.isEmpty || odds == .certain else { return "" }
            let heading = style.apply(role, title)
            let trial = analysis.verdict == .undecided ? ", with the figures not stated at their worst" : ""
            var text = "  \(heading)\(odds == .certain ? ", tried on the rebuilt machine\(trial)" : ""):\n"
            for remedy in remedies {
                let words = words(remedy)
                text += style.wrap("- \(words.change): \(words.detail)", indent: 4, hanging: 2)
            }
            return text + (remedies.isEmpty ? "    - nothing that was tried\n" : "")
        }.joined()
    }

    /// Whether to list the holders of memory: something failed, or may have failed.
    var showsHolders: Bool {
        switch analysis.verdict {
        case .refuses, .undecided: true
        case .notRebuilt(let why): why == .headMissing
        case .serves: analysis.cause == .allocationStall
        case .notAsked: false
        }
    }

    /// The contents of the zones that the request may use, where they are only a part of the machine.
    var placesSentence: String? {
        guard let places = analysis.places else { return nil }
        let parts: [(pages: Int, what: String)] = [
            (places.anonymous, "processes, tmpfs and shared memory"), (places.file, "page cache"),
            (places.lru, "processes and page cache"),
            (places.unevictable, "unevictable pages"), (places.rest, "the kernel"),
        ]
        let held = parts.sorted { $0.pages > $1.pages }.filter { $0.pages * 100 >= places.managed }
            .map { "\(memory($0.pages)) \($0.what)" }
        guard !held.isEmpty else { return nil }
        return "In the zones that the request may use (\(memory(places.managed))): \(FailureSentence.list(held)); "
            + "\(memory(places.free)) are free."
    }

    /// The size of swap space, and whether it is full.
    var swapSentence: String? {
        guard let swap = analysis.account?.swap else { return nil }
        if swap.isLeaving { return "Swap is being switched off (swapoff)." }
        guard swap.total > 0 else { return "There is no swap." }
        let total = MemoryAmount.text(pages: swap.total, pageSize: 1024)
        if swap.isFull { return "Swap: \(total), all used." }
        return "Swap: \(total), \(MemoryAmount.text(pages: swap.free, pageSize: 1024)) of it free."
    }

    /// "zswap and zram, ": possible holders that the kernel does not print, where swap is in use.
    private var unprinted: String {
        let isSwapUsed = analysis.account?.swap.map { $0.free < $0.total } ?? false
        return isSwapUsed && !report.assumedKernel.has(.compressedSwapInReports) ? "zswap and zram, " : ""
    }

    /// The kernel's own profile of its allocations (6.10 and later); nil where there is none.
    var allocationSites: TextTable? {
        let sites = report.allocations.prefix(5)
        guard !sites.isEmpty else { return nil }
        var table = TextTable([.right("held"), .right("allocations"), .left("function"), .left("of")])
        for site in sites {
            let module = site.module.map { " (\($0))" } ?? ""
            table.add([
                .init(MemoryAmount.text(bytes: site.bytes)), .init(site.calls),
                .init(VisibleText.of(site.function)), .init(VisibleText.of(site.file + module)),
            ])
        }
        return table
    }

    /// The largest tasks by name, with their swap and page tables; nil where the report has no table of tasks.
    var largestTasks: TextTable? {
        let groups = TaskGroup.groups(of: report.tasks, pageSize: pageSize).prefix(5)
        guard !groups.isEmpty else { return nil }
        var table = TextTable([
            .right("in memory"), .right("in swap"), .right("page tables"), .right("processes"), .left("name"),
        ])
        for group in groups {
            table.add([
                .init(memory(group.resident)), .init(memory(group.swapped)),
                .init(MemoryAmount.text(bytes: group.pageTableBytes)), .init(group.count),
                .init(group.name),
            ])
        }
        return table
    }

    /// The holders of memory, the largest first.
    func holders(_ account: MemoryAccount) -> TextTable {
        var table = TextTable([.right(""), .right(""), .left("")])
        for holder in account.holders.prefix(6) {
            let share = account.managed.map { managed in
                "\(min(100, Int((Double(holder.pages) * 100 / Double(max(1, managed))).rounded()))) %"
            }
            let remark = holder.kind == .unaccounted ? " (drivers, vmalloc, \(unprinted)RAM disks, leaks)" : ""
            table.add([.init(memory(holder.pages)), .init(share ?? ""), .init(holder.kind.title + remark)])
        }
        return table
    }
}

extension ZoneVerdict {
    var role: TextStyle.Role {
        switch outcome {
        case .look(.served): .good
        case .look: .bad
        case .freedSince, .notAllowedByMask, .wrongNode, .notReached, .notTold: .quiet
        }
    }
}
