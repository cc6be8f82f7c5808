import BuddyEngine
import GFP
import PageAllocator
import SourceText
import Topology

extension ScenarioRunner {
    /// Checks an expectation; returns how many of its conditions failed.
    mutating func check(_ expectation: Expectation, round: Int?) -> Int {
        let summary = expectation.group.map { summaries[$0] ?? AllocationSummary() } ?? last
        var failed = 0
        for check in expectation.checks {
            result.checks += 1
            guard let (expected, actual) = mismatch(check.subject, summary) else { continue }
            failed += 1
            guard result.failures.count < ScenarioResult.mostFailures else { continue }
            result.failures.append(
                ExpectationFailure(
                    source: scenario.source, location: check.location, path: check.path, expected: expected,
                    actual: actual, round: round))
        }
        return failed
    }

    /// What is expected and what holds; nil if they agree.
    private func mismatch(
        _ subject: Expectation.Subject, _ summary: AllocationSummary
    ) -> (expected: String, actual: String)? {
        switch subject {
        case .served(let bounds): return number(summary.served, bounds, "served requests")
        case .refused(let bounds): return number(summary.refused, bounds, "refused requests")
        case .pages(let bounds): return number(summary.pages, bounds, "pages served")
        case .fallbacks(let bounds): return number(summary.fallbacks, bounds, "blocks of another type")
        case .reclaims(let bounds): return number(summary.reclaims, bounds, "calls of reclaim")
        case .zone(let kind):
            guard summary.lastZone?.kind != kind else { return nil }
            return ("the last block from zone \(kind)", place(of: summary))
        case .node(let node):
            guard summary.lastZone?.node != node else { return nil }
            return ("the last block from node \(node)", place(of: summary))
        case .zones(let zones):
            let actual = summary.zones.map(\.zone)
            guard actual != zones else { return nil }
            return (
                zones.isEmpty ? "no blocks" : "blocks from \(names(zones))",
                actual.isEmpty ? "none was served" : "they came from \(names(actual))"
            )
        case .kswapd(let nodes):
            return woken(summary.kswapdWoken, nodes, "kswapd")
        case .kcompactd(let nodes):
            return woken(summary.kcompactdWoken, nodes, "kcompactd")
        case .free(let zone, let bounds):
            return number(state(of: zone) { $0.buddy.freePages }, bounds, "free pages in \(names([zone]))")
        case .watermark(let zone, let level, let bounds):
            return number(
                state(of: zone) { $0.effectiveWatermark(level) }, bounds,
                "pages as \(level) watermark of \(names([zone]))")
        case .lowmemReserve(let zone, let kind, let bounds):
            let index = machine.zoneKinds.firstIndex(of: kind)
            let pages = index.flatMap { index in state(of: zone) { $0.lowmemReserve(against: index) } }
            return number(pages, bounds, "pages kept in \(names([zone])) from requests for \(kind)")
        case .vmstat(let name, let bounds):
            let counters = machine.counters.named(zoneKinds: machine.zoneKinds)
            return number(counters.first { $0.name == name }?.value, bounds, "as \(name)")
        case .numa(let zone, let name, let bounds):
            guard let path = NUMACounters.names.first(where: { $0.name == name })?.path else { return nil }
            return number(state(of: zone) { $0.numa[keyPath: path] }, bounds, "numa_\(name) of \(names([zone]))")
        }
    }

    private func woken(_ actual: [NodeID], _ nodes: [NodeID], _ thread: String) -> (String, String)? {
        guard actual.sorted() != nodes.sorted() else { return nil }
        return ("\(thread) woken on \(list(nodes.sorted()))", "it was on \(list(actual.sorted()))")
    }

    private func number(_ value: Int?, _ bounds: Expectation.Bounds, _ what: String) -> (String, String)? {
        guard let value else { return ("\(bounds) \(what)", "the machine has no such zone") }
        return bounds.contains(value) ? nil : ("\(bounds) \(what)", "it is \(value)")
    }

    private func state(of zone: ZoneReference, _ body: (borrowing Zone) -> Int) -> Int? {
        machine.position(of: zone).map { machine.withZone($0, body) }
    }

    private func place(of summary: AllocationSummary) -> String {
        summary.lastZone.map { "it came from \(names([$0]))" } ?? "none was served"
    }

    private func names(_ zones: [ZoneReference]) -> String {
        zones.map { "\($0.node)/\($0.kind)" }.joined(separator: ", ")
    }

    private func list(_ nodes: [NodeID]) -> String {
        nodes.isEmpty ? "no node" : "node \(NumberList.format(nodes.map { Int($0.rawValue) }))"
    }
}
