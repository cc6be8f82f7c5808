import FailureAnalysis
import SourceText

/// The whole sentence where the page allocator refused nothing, and no request is to be named.
extension FailureSentence {
    /// The sentence; nil: it begins with the request.
    func sentence(_ why: NoRefusal) -> String? {
        switch why {
        case .pageFault:
            let killed = report.oom?.victims.isEmpty ?? true ? "" : ", and a process was killed"
            return "A page fault got no memory (pagefault_out_of_memory)\(killed): which request was refused before, "
                + "by the page allocator or by a memory cgroup, is not in the log."
        case .vmallocOfNothing:
            let caller = analysis.requester.map { ", \(VisibleText.of($0.function))," } ?? ""
            return "The caller\(caller) asked vmalloc for 0 bytes, which is a mistake of the caller: no memory was "
                + "missing."
        case .wrongFree(let function):
            return "A page was given back wrongly (\(VisibleText.of(function))), which is a mistake of the caller: no "
                + "request was refused."
        case .nofailBeyondPromise:
            return "\(asker) was not refused: \(why.reason)."
        case .reportAskedFor, .memoryCgroup, .killAskedFor, .vmallocAboveMemory, .vmallocWithoutRoom, .vmallocOfSize,
            .cmaArea, .hugePagesSetAside:
            return nil
        }
    }
}
