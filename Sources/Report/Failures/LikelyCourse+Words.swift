import FailureAnalysis
import SourceText

/// The likely course of events in words, a sentence for each step.
struct CourseWords {
    /// The heading of the list.
    static let title = "The likely sequence; the log shows the state after it only"

    let course: LikelyCourse
    let report: FailureAnalysisReport

    var sentences: [String] { course.steps.map(sentence) }

    private func memory(_ pages: Int) -> String { report.memory(pages) }

    private func sentence(_ step: LikelyCourse.Step) -> String {
        switch step {
        case .refusedBefore(let reports, let urgent, let seconds):
            let none = urgent == reports ? (reports == 1 ? ", which could not wait" : ", none of which could wait") : ""
            let some = urgent > 0 && urgent < reports ? ", \(urgent) of which could not wait" : ""
            return "\(counted(reports, "other request")) had been refused within \(counted(seconds, "second")) before"
                + "\(none)\(some): memory was short already. Kernels print only some of their refusals."
        case .fell(let pages, let free, let pace):
            return "\(cause(pace)), so that at most \(memory(free)) were free when it was refused, \(memory(pages)) "
                + "(\(counted(pages, "page"))) less than printed."
        case .blockWasMissing(let order, let blocks):
            return "Pages were probably free, but no block of order \(order) that it may use; the "
                + "\(counted(blocks, "block")) there \(blocks == 1 ? "is" : "are") now must have been put together or "
                + "given back since."
        case .reclaimedItself(let isBlock):
            return "It may wait, so it reclaimed\(isBlock ? " and compacted" : "") before it was refused; what was "
                + "freed after its last look came too late for it."
        case .kswapd(let state): return kswapd(state)
        case .killed(let name, let pid, let pages, let seconds):
            let had = pages > 0 ? " with \(memory(pages))" : ""
            return "The OOM killer had ended \(VisibleText.of(name)) (\(pid))\(had) \(counted(seconds, "second")) "
                + "before; its pages probably came back about then."
        case .onCPULists(let pages):
            return "\(memory(pages)) lie on CPUs' own lists, where a request on another CPU does not get them; lists "
                + "that were emptied since may be a part of it."
        case .emptiedCPULists(let left):
            let part = left == 0 ? "not where the pages were." : "at most a small part of it."
            return "CPUs' own lists were emptied for it before it was refused, and have \(memory(left)) again: they "
                + "are \(part)"
        case .boostDecayed(let before, let now):
            return "The marks were higher: \(memory(before)) of \(WalkFact.boosted.label) in an earlier report, "
                + "\(memory(now)) now, as kswapd takes it away again."
        case .releasedHighAtomic(let before, let now):
            return "\(memory(before)) were \(WalkFact.keptForHighAtomic.clause) in an earlier report, \(memory(now)) "
                + "now: the rest was released to other requests."
        case .printedLater(let milliseconds):
            let time = milliseconds < 2000 ? "\(milliseconds) ms" : "\(milliseconds / 1000) s"
            return "The zones were printed \(time) after the report's first line."
        case .printed(let free, let before):
            let compared = before.map { $0 < free ? ", \(memory(free - $0)) more than in the report before" : "" } ?? ""
            return "When they were printed, \(memory(free)) were free\(compared)."
        }
    }

    private func cause(_ pace: LikelyCourse.Pace) -> String {
        switch pace {
        case .urgentBurst: "Urgent requests, which do not wait, probably took memory faster than it was freed"
        case .atMinMark: "Free memory had probably fallen to the min mark, below which it may not go"
        case .fasterThanReclaim: "Others probably took pages as fast as reclaim freed them"
        }
    }

    private func kswapd(_ state: LikelyCourse.KswapdState) -> String {
        switch state {
        case .atWork(let isolated, let written):
            let shown = [
                isolated > 0 ? "\(memory(isolated)) taken off the LRU lists for it" : nil,
                written > 0 ? "\(memory(written)) being written" : nil,
            ].compactMap { $0 }
            let figures = shown.isEmpty ? "" : " (\(FailureSentence.list(shown)))"
            return "kswapd was woken by it, and by the printed state is still at work\(figures): a zone is below its "
                + "high mark, where kswapd stops."
        case .done:
            return "kswapd was woken by it, and by the printed state has reached its aim: every zone is above its "
                + "high mark."
        case .givenUp: return "kswapd had given up (all_unreclaimable), so that the pages probably came from others."
        }
    }
}

extension FailureAnalysisReport {
    /// The likely course of events, a sentence for each step; empty: there is none.
    var course: [String] { analysis.course.map { CourseWords(course: $0, report: self).sentences } ?? [] }
}

extension LikelyCourse.Step {
    /// The step's name for programs.
    var name: String {
        switch self {
        case .refusedBefore: "refused-before"
        case .fell: "fell"
        case .blockWasMissing: "block-was-missing"
        case .reclaimedItself: "reclaimed-itself"
        case .kswapd(.atWork): "kswapd-at-work"
        case .kswapd(.done): "kswapd-done"
        case .kswapd(.givenUp): "kswapd-given-up"
        case .killed: "killed"
        case .onCPULists: "on-cpu-lists"
        case .emptiedCPULists: "emptied-cpu-lists"
        case .boostDecayed: "boost-decayed"
        case .releasedHighAtomic: "highatomic-released"
        case .printedLater: "printed-later"
        case .printed: "printed"
        }
    }
}
