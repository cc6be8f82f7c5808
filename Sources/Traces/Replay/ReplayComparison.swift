import PageAllocator

/// The same trace replayed twice, under two kernels' rules or on two machines: what changed.
public struct ReplayComparison: Sendable {
    /// The first result.
    public var first: ReplayResult
    /// The second result.
    public var second: ReplayResult

    public init(_ first: ReplayResult, _ second: ReplayResult) {
        self.first = first
        self.second = second
    }

    /// The figures: requests first, then costs, then where requests were served. Zones that one of the machines lacks
    /// are omitted.
    public var figures: [ComparedFigure] {
        func figure(_ name: String, _ value: (ReplayResult) -> Int) -> ComparedFigure {
            ComparedFigure(name, value(first), value(second))
        }
        var figures = [
            figure("requests served", \.served), figure("failures", \.refused),
            figure("served, refused in the trace", \.servedTracedRefusals),
            figure("fallbacks to another mobility type", \.fallbacks), figure("calls of kswapd", \.kswapdCalls),
            figure("times kswapd woke", \.kswapdWakes),
            figure("times kcompactd woke", \.kcompactdWakes),
        ]
        if let reclaimed = first.reclaim, let other = second.reclaim {
            figures.append(ComparedFigure("pages reclaimed", reclaimed.reclaimed, other.reclaimed))
        }
        for (zone, served) in zip(first.zones, first.servedByZone) {
            guard let position = second.zones.firstIndex(of: zone) else { continue }
            figures.append(ComparedFigure("served by \(zone.node) \(zone.kind)", served, second.servedByZone[position]))
        }
        return figures
    }
}
