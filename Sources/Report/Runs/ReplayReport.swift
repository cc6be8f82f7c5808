import BuddyEngine
import SourceText
import Topology
import Traces

/// The result of replaying a trace.
public struct ReplayReport: Sendable {
    /// The result.
    public var result: ReplayResult
    /// The trace's name.
    public var trace: String
    /// The name of the machine that it was replayed on.
    public var machine: String

    /// Creates a report from its parts.
    public init(_ result: ReplayResult, trace: String, machine: String) {
        self.result = result
        self.trace = trace
        self.machine = machine
    }

    // MARK: Text

    /// The report for people.
    public func text(_ style: TextStyle = .plain) -> String {
        var text = head(style)
        if result.mode == .lockstep { text += agreementText(style) }
        text += style.apply(.heading, "\nRequests") + "\n" + requestTable(style)
        text += style.apply(.heading, "\nServed by") + "\n" + zoneTable(style)
        text += skippedText(style)
        text += fragmentationText(style)
        return text
    }

    private static let cannotReclaim =
        "Nothing can be reclaimed in this replay: where the traced kernel made room, requests are refused here. "
        + "--reclaim lru lets pages be reclaimed."

    private func head(_ style: TextStyle) -> String {
        let rate = result.rate.map { ", \(Self.short($0)) a second" } ?? ""
        let partial = result.isPartial ? style.apply(.warning, "; the trace was not read to its end") : ""
        // First, because refusals have another meaning on a machine that cannot reclaim.
        var text = result.mode == .free && result.reclaim == nil ? style.wrap(Self.cannotReclaim, role: .warning) : ""
        text +=
            style.apply(.heading, trace) + " on \(machine): \(counted(result.events, "event"))\(rate)\(partial)\n"
        text += "  \(counted(result.requests, "request")): \(result.served) served, \(result.refused) refused here; "
        text += "\(counted(result.frees, "free")); \(counted(result.fallbacks, "fallback")) to another type"
        text += " (\(result.tracedFallbacks) in the trace); kswapd called \(result.kswapdCalls) times, woken "
        text += "\(result.kswapdWakes) times"
        text += (result.kcompactdWakes > 0 ? ", kcompactd \(result.kcompactdWakes) times" : "") + "\n"
        if result.tracedRefusals > 0 {
            text += "  the trace saw \(counted(result.tracedRefusals, "request")) refused; "
            text += "\(result.servedTracedRefusals) of them would be served here\n"
        }
        if let reclaim = result.reclaim {
            text +=
                "  reclaim found \(counted(reclaim.reclaimed, "page")), \(reclaim.swappedOut) of them for swap, with "
            text +=
                "\(counted(reclaim.stalls, "stall")); \(counted(reclaim.atStart, "page")) on its lists at the start\n"
            if reclaim.leftOut > 0 {
                text += "  \(reclaim.leftOut) more pages in use at the start are not on them: they would not fit here\n"
            }
        }
        return text
    }

    private func agreementText(_ style: TextStyle) -> String {
        let agreement = result.agreement
        guard agreement.compared > 0 else {
            return "  nothing to compare: no traced page frame is one of this machine's\n"
        }
        var text = "  of \(agreement.compared) requests the same node \(Self.percent(agreement.share(agreement.node)))"
        text += ", zone \(Self.percent(agreement.share(agreement.zone)))"
        text += ", page frame \(Self.percent(agreement.share(agreement.frame)))\n"
        let asides = [
            (agreement.underLearntPolicy, "judged under a memory policy learnt from the task's earlier requests"),
            (agreement.refusedHere, "refused here"),
            (agreement.inUse, "got a page that was in use here since before the trace"),
            (agreement.notFree, "got a page that this machine could not hand over"),
            (agreement.takenWithoutEvent, "pages taken without an event (bulk allocation, compaction)"),
            (agreement.movedToList, "pages moved to or from a CPU's list as the trace says"),
        ]
        for (count, what) in asides where count > 0 { text += style.apply(.quiet, "    \(count) \(what)") + "\n" }
        for (mismatch, count) in worstMismatches.prefix(5) {
            let emulated = mismatch.emulated < 0 ? "refused" : name(mismatch.emulated)
            text += "    \(count) in \(name(mismatch.traced)) there, \(emulated) here: \(mask(mismatch.mask))\n"
        }
        return text
    }

    private var worstMismatches: [(ReplayResult.Agreement.Mismatch, Int)] {
        result.agreement.mismatches.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
    }

    private func requestTable(_ style: TextStyle) -> String {
        var masks = TextTable([.right("requests"), .right(""), .left("mask"), .left("type")])
        let ranked = result.requestsByMask.enumerated().filter { $0.element > 0 }.sorted {
            ($1.element, $0.offset) < ($0.element, $1.offset)
        }
        for (index, count) in ranked.prefix(12) {
            masks.add(["\(count)", "\(share(count))", "\(mask(index))", "\(mobility(index))"])
        }
        var text = masks.text(style)
        if ranked.count > 12 { text += style.apply(.quiet, "  and \(ranked.count - 12) other masks") + "\n" }
        let orders = result.requestsByOrder.enumerated().filter { $0.element > 0 }
        text += "  by order: " + orders.map { "\($0.offset): \($0.element)" }.joined(separator: ", ") + "\n"
        let cpus = result.requestsByCPU.enumerated().filter { $0.element > 0 }
        text += style.wrap("by CPU: " + cpus.map { "\($0.offset): \($0.element)" }.joined(separator: ", "), indent: 2)
        return text
    }

    private func zoneTable(_ style: TextStyle) -> String {
        var table = TextTable([.left("zone"), .right("requests"), .right("")])
        for (zone, count) in result.servedByZone.enumerated() where count > 0 {
            table.add(["\(name(zone))", "\(count)", "\(share(count))"])
        }
        return table.text(style)
    }

    private func skippedText(_ style: TextStyle) -> String {
        var lines = skipped.filter { $0.key != "list_movement" }.map { "\($0.count) \($0.text)" }
        let tally = result.tally
        if tally.lostEvents > 0 { lines.append("\(tally.lostEvents) events lost by the tracer itself") }
        if tally.malformedLines > 0 { lines.append("\(tally.malformedLines) lines not understood") }
        if tally.overlongLines > 0 { lines.append("\(tally.overlongLines) lines too long") }
        if tally.isLastLineTruncated { lines.append("the last line is cut short") }
        if tally.eventsOutOfOrder > 0 { lines.append("\(tally.eventsOutOfOrder) events earlier than the one before") }
        let unknown = result.vocabulary.masks.filter { !$0.unknown.isEmpty }
        if let first = unknown.first {
            lines.append(
                "\(unknown.count) masks with words that no known kernel has, such as \(first.unknown) in \(first.text)")
        }
        if let problem = tally.firstProblem { lines.append("first trouble: \(problem)") }
        guard !lines.isEmpty else { return "" }
        return style.apply(.heading, "\nPassed over") + "\n" + lines.map { "  \($0)\n" }.joined()
    }

    private func fragmentationText(_ style: TextStyle) -> String {
        let samples = result.fragmentation.samples
        guard samples.count > 1 else { return "" }
        var table = TextTable([.right("event"), .right("seconds"), .right("free pages"), .right("unusable")])
        let step = max((samples.count + 7) / 8, 1)
        let start = samples.first { $0.time > 0 }?.time ?? 0
        for index in stride(from: 0, to: samples.count, by: step) {
            let sample = samples[index]
            let seconds = sample.time > 0 ? Self.decimal(Double(sample.time &- min(start, sample.time)) / 1e9, 3) : ""
            table.add([
                "\(sample.event)", "\(seconds)", "\(sample.freePages)", "\(Self.decimal(sample.unusableIndex, 3))",
            ])
        }
        let title = "\nFree memory of no use for order \(result.fragmentation.order)"
        return style.apply(.heading, title) + "\n" + table.text(style)
    }

    // MARK: Words

    private var skipped: [(key: String, text: String, count: Int)] {
        ReplayResult.SkipReason.allCases.map { ($0.key, $0.sentence, result.skipped($0)) }.filter { $0.count > 0 }
    }

    private func name(_ zone: Int) -> String {
        result.zones.indices.contains(zone) ? "node \(result.zones[zone].node) \(result.zones[zone].kind)" : "?"
    }

    private func mask(_ index: Int) -> String {
        result.vocabulary.masks.indices.contains(index) ? result.vocabulary.masks[index].text : "?"
    }

    private func mobility(_ index: Int) -> String {
        result.vocabulary.masks.indices.contains(index)
            ? result.vocabulary.masks[index].flags.migratetype.kernelName : ""
    }

    private func share(_ count: Int) -> String {
        result.requests == 0 ? "" : Self.percent(Double(count) / Double(result.requests))
    }

    static func percent(_ share: Double?) -> String { share.map { decimal($0 * 100, 2) + " %" } ?? "-" }

    /// A number with a fixed number of decimals, rounded down: a share is 100 only if it is complete.
    static func decimal(_ value: Double, _ places: Int) -> String {
        var scale = 1
        for _ in 0..<places { scale *= 10 }
        let scaled = Int(min(max(value * Double(scale) + 1e-9, 0), 1e18).rounded(.down))
        let fraction = String(scaled % scale)
        return "\(scaled / scale)." + String(repeating: "0", count: places - fraction.count) + fraction
    }

    static func short(_ rate: Double) -> String {
        rate >= 1e6 ? "\(decimal(rate / 1e6, 1)) million" : "\(Int(rate))"
    }
}
