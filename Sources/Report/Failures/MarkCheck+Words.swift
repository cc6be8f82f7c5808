import FailureAnalysis

extension MarkCheck {
    /// A sentence for each zone whose marks do not follow from the settings.
    public var sentences: [String] {
        let source =
            isInferred
            ? "the other zones' marks (a min_free_kbytes of \(minFreeKbytes))" : "min_free_kbytes \(minFreeKbytes)"
        return zones.compactMap { zone in
            let place = "Node \(zone.zone.node) \(zone.zone.kind)"
            switch zone.finding {
            case .follows: return nil
            case .boosted:
                return
                    "\(place): its min mark of \(zone.mark) pages is above the \(zone.expected) that follow from \(source), "
                    + "because fragmentation has boosted it by \(zone.boost)."
            case .differs:
                return "\(place): its min mark of \(zone.mark) pages does not follow from \(source), which gives "
                    + "\(zone.expected), and it is not a boost: it may have been worked out during boot, before the last memory "
                    + "was handed over, or be of another rule."
            }
        }
    }
}
