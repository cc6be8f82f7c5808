import Experiments

extension Measure {
    /// The name in tables and at axes.
    var words: String {
        switch self {
        case .served: "requests served"
        case .refused: "failures"
        case .fallbacks: "fallbacks to another mobility type"
        case .remote: "served from another node"
        case .stalls: "stalls in direct reclaim"
        case .kswapdRounds: "rounds of kswapd"
        case .reclaimed: "pages reclaimed"
        case .swappedOut: "pages swapped out"
        case .compactions: "direct compactions"
        case .moved: "pages moved"
        case .killed: "processes killed"
        case .free: "free pages at the end"
        case .unusableIndex: "of them unusable for a huge page"
        }
    }

    /// A value as people read it.
    func text(_ value: Double) -> String {
        switch self {
        case .unusableIndex: "\(Self.decimals(value * 100, 1)) %"
        case .served, .refused, .fallbacks, .remote, .stalls, .kswapdRounds, .reclaimed, .swappedOut, .compactions,
            .moved, .killed, .free:
            value == value.rounded() ? Figures.text(value) : Self.decimals(value, 1)
        }
    }

    /// The value with at most that many decimals.
    static func decimals(_ value: Double, _ places: Int) -> String {
        let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
        return Figures.text((value * scale).rounded() / scale)
    }
}

extension Spread {
    /// The mean, followed by the extremes if the seeds differ.
    func text(_ measure: Measure) -> String {
        guard least != most else { return measure.text(mean) }
        return "\(measure.text(mean)) (\(measure.text(least))\u{2013}\(measure.text(most)))"
    }
}
